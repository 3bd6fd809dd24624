def f(n: "int"):
    i = -1
    for i in range(n):
        pass
    j = i
    for i in range(10, 0, -3):
        if i < 5:
            break
    return i, j


#> 3
#> 0

#| (4, 2)
#| (4, -1)
