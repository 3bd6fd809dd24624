def f(x: "float", y: "float"):
    return math.fmod(x, y), math.hypot(x, y), math.atan2(x, y), math.copysign(x, y)


#> 7.5, 2.0
#> -7.5, 2.0
#> 1.0, 0.0
#> inf, 1.0
#> 1.0, inf
#> nan, 1.0

#| (1.5, 7.762087348130012, 1.3101939350475555, 7.5)
#| (-1.5, 7.762087348130012, -1.3101939350475555, 7.5)
#| ValueError("math domain error") line 2
#| ValueError("math domain error") line 2
#| (1.0, inf, 0.0, 1.0)
#| (nan, nan, nan, nan)
