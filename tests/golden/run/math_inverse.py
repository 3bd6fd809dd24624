def f(x: "float"):
    return math.asin(x), math.acos(x), math.atanh(x)


#> 0.5
#> 1.0
#> 1.5
#> -1.5
#> nan

#| (0.5235987755982989, 1.0471975511965979, 0.5493061443340548)
#| ValueError("math domain error") line 2
#| ValueError("math domain error") line 2
#| ValueError("math domain error") line 2
#| (nan, nan, nan)
