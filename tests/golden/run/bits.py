def f(a: "int", b: "int"):
    return a & b, a | b, a ^ b, ~a, -a, abs(a)


#> 12, 10
#> -12, 10
#> ! -9223372036854775808, 1

#| (8, 14, 6, -13, -12, 12)
#| (0, -2, -2, 11, 12, 12)
#| left to the interpreter
