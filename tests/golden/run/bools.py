def f(a: "int", b: "float", c: "bool"):
    x = a > 2 and b < 3.0
    y = a < 0 or c
    return x, y, not x, a if c else -a, bool(a), bool(b), c + 1, c * b


#> 3, 2.5, True
#> -3, 3.5, False
#> 0, nan, True
#> 0, 0.0, False

#| (True, True, False, 3, True, True, 2, 2.5)
#| (False, True, True, 3, True, True, 1, 0.0)
#| (False, True, True, 0, False, True, 2, nan)
#| (False, False, True, 0, False, False, 1, 0.0)
