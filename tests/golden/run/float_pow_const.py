def f(a: "float"):
    return a ** 2, a ** 1, a ** 0, a ** 3, a ** -1


#> 2.0
#> -3.5
#> 1e200
#> inf
#> nan
#> 0.0

#| (4.0, 2.0, 1.0, 8.0, 0.5)
#| (12.25, -3.5, 1.0, -42.875, -0.2857142857142857)
#| OverflowError(34, "Numerical result out of range") line 2
#| (inf, inf, 1.0, inf, 0.0)
#| (nan, nan, 1.0, nan, nan)
#| ZeroDivisionError("0.0 cannot be raised to a negative power") line 2
