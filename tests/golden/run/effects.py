def f(a: "float64[::1]", n: "int"):
    r = n * n
    a[0] = 1.0
    return r + 1


#> [0.0, 2.0], 3
#> ! [0.0, 2.0], 9223372036854775807

#| 10; float64[2][1.0, 2.0]
#| left to the interpreter; float64[2][0.0, 2.0]
