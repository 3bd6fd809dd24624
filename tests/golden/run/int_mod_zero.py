def f(a: "int", b: "int"):
    c = a + 1
    return c % b


#> 7, 3
#> 7, 0
#> 7, -1

#| 2
#| ZeroDivisionError("integer modulo by zero") line 3
#| 0
