def f(x: "float"):
    return math.gamma(x)


#> 5.0
#> 0.0
#> -1.0
#> 200.0
#> -inf
#> inf
#> nan

#| 1.7724538509055159
#| 24.0
#| ValueError("math domain error") line 2
#| ValueError("math domain error") line 2
#| 2.3632718012073544
#| OverflowError("math range error") line 2
#| ValueError("math domain error") line 2
#| inf
#| nan
