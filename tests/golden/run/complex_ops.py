def f(a: "float", b: "float", c: "float", d: "float"):
    x = complex(a, b)
    y = complex(c, d)
    return x + y, x - y, x * y, x / y, -x, x == y, x != y, x.real, x.imag, x.conjugate(), bool(x)


#> 1.0, 2.0, 3.0, 4.0
#> 1.0, 2.0, 4.0, -3.0
#> 1.0, 2.0, 0.0, 0.0
#> 0.0, -0.0, 1.0, 0.0
#> inf, 2.0, 1.0, 1.0
#> 1.5, -2.5, 1.5, -2.5

#| (4.0|6.0, -2.0|-2.0, -5.0|10.0, 0.44|0.08, -1.0|-2.0, False, True, 1.0, 2.0, 1.0|-2.0, True)
#| (5.0|-1.0, -3.0|5.0, 10.0|5.0, -0.08|0.44, -1.0|-2.0, False, True, 1.0, 2.0, 1.0|-2.0, True)
#| ZeroDivisionError("complex division by zero") line 4
#| (1.0|0.0, -1.0|-0.0, 0.0|0.0, 0.0|-0.0, -0.0|0.0, False, True, 0.0, -0.0, 0.0|0.0, False)
#| (inf|3.0, inf|1.0, inf|inf, inf|-inf, -inf|-2.0, False, True, inf, 2.0, inf|-2.0, True)
#| (3.0|-5.0, 0.0|0.0, -4.0|-7.5, 1.0|-0.0, -1.5|2.5, True, False, 1.5, -2.5, 1.5|2.5, True)
