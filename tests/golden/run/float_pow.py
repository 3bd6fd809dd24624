def f(a: "float", b: "float"):
    return a ** b


#> 2.0, 10.0
#> 2.0, 0.5
#> ! -8.0, 0.5
#> -8.0, 3.0
#> 0.0, -1.0
#> -0.0, -3.0
#> 0.0, 0.0
#> 1e200, 2.0
#> -1e200, 3.0
#> inf, 2.0
#> -inf, 0.5
#> -inf, -1.0
#> nan, 0.0
#> 1.0, nan
#> nan, 1.0
#> 0.0, -inf
#> 2.0, -inf
#> 2.0, -2000.0

#| 1024.0
#| 1.4142135623730951
#| left to the interpreter
#| -512.0
#| ZeroDivisionError("0.0 cannot be raised to a negative power") line 2
#| ZeroDivisionError("0.0 cannot be raised to a negative power") line 2
#| 1.0
#| OverflowError(34, "Numerical result out of range") line 2
#| OverflowError(34, "Numerical result out of range") line 2
#| inf
#| inf
#| -0.0
#| 1.0
#| 1.0
#| nan
#| inf
#| 0.0
#| 0.0
