def f(n: "int"):
    x = 1
    y = 0
    z = 7
    for i in range(n):
        y = x
        x = x + i
        if x > 10:
            z = i
            break
        w = x * 2
        if w > 5:
            y = w
    return x, y, z


#> 0
#> 3
#> 4
#> 100

#| (1, 0, 7)
#| (4, 8, 7)
#| (7, 14, 7)
#| (11, 7, 4)
