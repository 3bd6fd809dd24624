def f(x: "float"):
    return math.gamma(x)


#> 5.0
#> 0.0
#> -1.0
#> 200.0
#> -inf
#> inf
#> nan

#| 24.0
#| ValueError("math domain error") line 2
#| ValueError("math domain error") line 2
#| OverflowError("math range error") line 2
#| ValueError("math domain error") line 2
#| inf
#| nan
