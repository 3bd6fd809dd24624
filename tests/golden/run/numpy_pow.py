def f(a: "int64", b: "int64"):
    return a ** b


#> 3, 4
#> 2, 63
#> 2, 64
#> 2, -1
#> -3, 41

#| int64(81)
#| int64(-9223372036854775808)
#| int64(0)
#| ValueError("Integers to negative integer powers are not allowed.") line 2
#| int64(420491770248316829)
