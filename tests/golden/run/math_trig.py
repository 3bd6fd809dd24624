def f(x: "float"):
    return math.sin(x), math.cos(x), math.tan(x), math.atan(x), math.tanh(x), math.asinh(x)


#> 1.0
#> inf
#> nan
#> 1e300

#| (0.8414709848078965, 0.5403023058681398, 1.5574077246549023, 0.7853981633974483, 0.7615941559557649, 0.881373587019543)
#| ValueError("math domain error") line 2
#| (nan, nan, nan, nan, nan, nan)
#| (-0.8178819121159085, -0.5753861119575491, 1.4214488238747245, 1.5707963267948966, 1.0, 691.4686750787736)
