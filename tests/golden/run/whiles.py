def f(n: "int"):
    steps = 0
    while n != 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps += 1
        if steps > 1000:
            break
    else:
        steps = steps + 10000
    return steps, n


#> 27
#> 1
#> 97
#> 0

#| (10111, 1)
#| (10000, 1)
#| (10118, 1)
#| (1001, 0)
