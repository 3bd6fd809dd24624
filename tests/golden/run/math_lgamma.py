def f(x: "float"):
    return math.lgamma(x)


#> 0.5
#> -1.5
#> 0.0
#> 1e18
#> -1.0
#> -inf
#> inf
#> nan
#> 1e306

#| 0.5723649429247004
#| 0.8600470153764812
#| ValueError("math domain error") line 2
#| 4.044653167389282e+19
#| ValueError("math domain error") line 2
#| inf
#| inf
#| nan
#| OverflowError("math range error") line 2
