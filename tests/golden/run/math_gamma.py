def f(x: "float"):
    return math.gamma(x)


#> 5.0
#> 0.5
#> -1.5
#> 0.0
#> 1e18
#> -1.0
#> 200.0
#> -inf
#> inf
#> nan

#| 24.0
#| 1.7724538509055159
#| 2.3632718012073544
#| ValueError("math domain error") line 2
#| OverflowError("math range error") line 2
#| ValueError("math domain error") line 2
#| OverflowError("math range error") line 2
#| ValueError("math domain error") line 2
#| inf
#| nan
