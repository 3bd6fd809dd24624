def f(a: "float", b: "float"):
    return abs(complex(a, b))


#> 3.0, 4.0
#> 1.7e308, 1.7e308
#> inf, nan
#> nan, 1.0

#| 5.0
#| OverflowError("absolute value too large") line 2
#| inf
#| nan
