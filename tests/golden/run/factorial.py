def factorial(n: "int"):
    r = 1
    for i in range(2, n + 1):
        r *= i
    return r


#> 5
#> 20
#> ! 21

#| 120
#| 2432902008176640000
#| left to the interpreter
