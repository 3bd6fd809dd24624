def f(k: "int"):
    u = (10, 20, 30)
    return u[k]


#> 0
#> 2
#> -1
#> -3
#> 3
#> -4

#| 10
#| 30
#| 30
#| 10
#| IndexError("tuple index out of range") line 3
#| IndexError("tuple index out of range") line 3
