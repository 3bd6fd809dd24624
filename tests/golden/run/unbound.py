def f(n: "int"):
    for i in range(n):
        last = i * 2
    return last


#> 3
#> 0

#| 4
#| UnboundLocalError("cannot access local variable 'last' where it is not associated with a value") line 4
