def f(n: "int"):
    a, b = 0, 1
    while n > 0:
        a, b = b, a + b
        n -= 1
    return a


#> 10
#> 90
#> ! 93

#| 55
#| 2880067194370816120
#| left to the interpreter
