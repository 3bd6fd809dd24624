def product(n: "int", k: "int"):
    if n <= 0:
        return k
    return product(n - 1, k * 3) * 3


#> 3, 1
#> 0, 5
#> 19, 1
#> 20, 1
#> 30, 1

#| 729
#| 5
#| 1350851717672992089
#| left to the interpreter
#| left to the interpreter
