def f(b: "int64", u: "float64[::1]"):
    a = b // len(u)
    for i in range(len(u)):
        u[i % 3] -= 1.0
    return a


#> 7, [1.0, 2.0, 3.0]

#| int64(2); float64[3][0.0, 1.0, 2.0]
