def f(n: "int"):
    total = 0.0
    for i in range(n):
        total += i ** 0.5
    return total


#> 0
#> 10
#> 1000

#| 0.0
#| 19.30600052603572
#| 21065.833110879048
