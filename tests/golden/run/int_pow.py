def f(a: "int", n: "int"):
    return a ** n, a ** 2, a ** 5


#> 3, 7
#> -2, 11
#> 0, 0
#> ! 2, -1
#> ! 10, 19
#> 10, 3
#> 7, 22
#> ! 7, 23
#> ! 10000, 1

#| (2187, 9, 243)
#| (-2048, 4, -32)
#| (1, 0, 0)
#| left to the interpreter
#| left to the interpreter
#| (1000, 100, 100000)
#| (3909821048582988049, 49, 16807)
#| left to the interpreter
#| left to the interpreter
