def f(n: "int"):
    i = 0
    while True:
        i += 1
        if i * i >= n:
            return i
        for j in range(i):
            if j > 3:
                break
            if j == 2:
                continue
            i += j


#> 100
#> 1
#> 5000

#| 14
#| 1
#| 74
