def f(a: "int", b: "float"):
    return a < b, a <= b, a > b, a >= b, a == b, a != b, b < a


#> 9007199254740993, 9007199254740992.0
#> 9223372036854775807, 9223372036854775808.0
#> -9223372036854775808, -9223372036854775808.0
#> 3, 3.0
#> 3, nan
#> 3, inf
#> 3, -inf
#> 3, 3.5
#> 9223372036854775807, 9223372036854774784.0

#| (False, False, True, True, False, True, True)
#| (True, True, False, False, False, True, False)
#| (False, True, False, True, True, False, False)
#| (False, True, False, True, True, False, False)
#| (False, False, False, False, False, True, False)
#| (True, True, False, False, False, True, False)
#| (False, False, True, True, False, True, True)
#| (True, True, False, False, False, True, False)
#| (False, False, True, True, False, True, True)
