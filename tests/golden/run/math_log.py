def f(x: "float"):
    return math.log(x), math.log2(x), math.log10(x), math.log1p(x)


#> 2.0
#> 0.0
#> -1.0
#> nan
#> inf

#| (0.6931471805599453, 1.0, 0.3010299956639812, 1.0986122886681096)
#| ValueError("math domain error") line 2
#| ValueError("math domain error") line 2
#| (nan, nan, nan, nan)
#| (inf, inf, inf, inf)
