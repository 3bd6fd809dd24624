def f(x: "float"):
    return math.acosh(x)


#> 1.0
#> 0.5
#> nan
#> inf
#> -inf

#| 0.0
#| ValueError("math domain error") line 2
#| nan
#| inf
#| ValueError("math domain error") line 2
