def f(x: "float"):
    return math.lgamma(x)


#> 0.0
#> -1.0
#> -inf
#> inf
#> nan
#> 1e306

#| 0.5723649429247004
#| ValueError("math domain error") line 2
#| ValueError("math domain error") line 2
#| 0.8600470153764812
#| inf
#| inf
#| nan
#| OverflowError("math range error") line 2
