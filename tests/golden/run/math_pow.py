def f(x: "float", y: "float"):
    return math.pow(x, y)


#> 2.0, 0.5
#> -8.0, 0.5
#> 0.0, -1.0
#> 0.0, -inf
#> 1e200, 2.0
#> inf, 2.0
#> nan, 2.0
#> 1.0, nan
#> -1e200, 3.0

#| 1.4142135623730951
#| ValueError("math domain error") line 2
#| ValueError("math domain error") line 2
#| inf
#| OverflowError("math range error") line 2
#| inf
#| nan
#| 1.0
#| OverflowError("math range error") line 2
