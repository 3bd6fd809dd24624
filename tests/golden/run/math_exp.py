def f(x: "float"):
    return math.exp(x), math.expm1(x), math.cosh(x), math.sinh(x)


#> 1.0
#> 1000.0
#> -1000.0
#> inf
#> -inf
#> nan

#| (2.718281828459045, 1.718281828459045, 1.5430806348152437, 1.1752011936438014)
#| OverflowError("math range error") line 2
#| OverflowError("math range error") line 2
#| (inf, inf, inf, inf)
#| (0.0, -1.0, inf, -inf)
#| (nan, nan, nan, nan)
