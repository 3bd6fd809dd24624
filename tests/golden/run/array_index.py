def f(a: "int64[::1]", i: "int"):
    a[i] = a[i] + 1
    return a[i]


#> [1, 2, 3], 0
#> [1, 2, 3], -1
#> [1, 2, 3], 3
#> [1, 2, 3], -4

#| int64(2); int64[3][2, 2, 3]
#| int64(4); int64[3][1, 2, 4]
#| IndexError("index 3 is out of bounds for axis 0 with size 3") line 2; int64[3][1, 2, 3]
#| IndexError("index -4 is out of bounds for axis 0 with size 3") line 2; int64[3][1, 2, 3]
