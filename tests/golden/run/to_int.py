def f(x: "float"):
    return int(x)


#> 3.7
#> -3.7
#> nan
#> inf
#> -inf
#> ! 1e19
#> -9223372036854775808.0
#> ! 9223372036854775808.0

#| 3
#| -3
#| ValueError("cannot convert float NaN to integer") line 2
#| OverflowError("cannot convert float infinity to integer") line 2
#| OverflowError("cannot convert float infinity to integer") line 2
#| left to the interpreter
#| -9223372036854775808
#| left to the interpreter
