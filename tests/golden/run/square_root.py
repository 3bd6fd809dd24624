def f(a: "float"):
    return a ** 0.5


#> 2.0
#> 0.0
#> -0.0
#> inf
#> nan
#> ! -1.0
#> ! -inf

#| 1.4142135623730951
#| 0.0
#| 0.0
#| inf
#| nan
#| left to the interpreter
#| left to the interpreter
