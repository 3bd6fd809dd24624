def walk(a: "float64[::1]", k: "int"):
    if k == len(a):
        return 0
    a[k] = a[k] + 1.0
    if a[k] < 0.0:
        raise ValueError(f"negative at {k}")
    total = 0
    for step in range(1, 3):
        if k + step <= len(a):
            total += walk(a, k + step)
    return total + k


#> [0.0, 0.0, 0.0, 0.0, 0.0], 0
#> [0.0, 0.0, 0.0, -3.5, 0.0], 0
#> [], 0
#> [1.0], 5

#| 34; float64[5][1.0, 1.0, 2.0, 3.0, 5.0]
#| ValueError("negative at 3") line 6; float64[5][1.0, 1.0, 1.0, -2.5, 0.0]
#| 0; float64[0][]
#| IndexError("index 5 is out of bounds for axis 0 with size 1") line 4; float64[1][1.0]
