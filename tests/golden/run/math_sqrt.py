def f(x: "float"):
    return math.sqrt(x)


#> 2.0
#> -1.0
#> -0.0
#> nan
#> inf
#> -inf

#| 1.4142135623730951
#| ValueError("math domain error") line 2
#| -0.0
#| nan
#| inf
#| ValueError("math domain error") line 2
