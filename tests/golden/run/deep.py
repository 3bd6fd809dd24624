def down(n: "int"):
    if n == 0:
        return 0
    return down(n - 1) + 1


#> 100

#| 100
