def f(n: "int"):
    a = np.zeros(n)
    for i in range(n):
        a[i] = i * i
    b = a + 1.0
    return b, n * n


#> 4
#> 0

#| (float64[4][1.0, 2.0, 5.0, 10.0], 16)
#| (float64[0][], 0)
