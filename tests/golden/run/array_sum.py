def f(a: "float64[::1]"):
    total = 0.0
    for i in range(len(a)):
        total += a[i]
    for i in range(len(a)):
        a[i] = a[i] / total
    return total


#> [1.0, 2.0, 5.0]
#> [0.0]

#| float64(8.0); float64[3][0.125, 0.25, 0.625]
#| float64(0.0); float64[1][nan]
