def f(a: "float64", b: "float64"):
    return a ** b, a ** 0.5, a ** 2


#> -8.0, 0.5
#> 0.0, -1.0
#> 1e200, 2.0
#> -0.0, 0.5
#> -inf, 0.5

#| (float64(nan), float64(nan), float64(64.0))
#| (float64(inf), float64(0.0), float64(0.0))
#| (float64(inf), float64(1e+100), float64(inf))
#| (float64(0.0), float64(0.0), float64(0.0))
#| (float64(inf), float64(inf), float64(inf))
