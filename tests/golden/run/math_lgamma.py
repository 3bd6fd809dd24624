def f(x: "float"):
    return math.lgamma(x)


#> 0.0
#> -1.0
#> -inf
#> inf
#> nan
#> 1e306

#| ValueError("math domain error") line 2
#| ValueError("math domain error") line 2
#| inf
#| inf
#| nan
#| OverflowError("math range error") line 2
