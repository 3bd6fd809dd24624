def f(n: "int", x: "float"):
    if n < 0:
        raise ValueError("negative")
    if n == 0:
        raise ValueError(f"n is {n} and x is {x}")
    assert n < 10, "n is large"
    if n == 5:
        raise ZeroDivisionError
    return n


#> -1, 1.5
#> 0, 1.5
#> 20, 1.5
#> 5, 1.0
#> 3, 1.0

#| ValueError("negative") line 3
#| ValueError("n is 0 and x is 1.5") line 5
#| AssertionError("n is large") line 6
#| ZeroDivisionError() line 8
#| 3
