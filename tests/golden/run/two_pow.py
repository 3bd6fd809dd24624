def f(n: "int"):
    return 2 ** n


#> 0
#> 62
#> ! 63
#> ! -1

#| 1
#| 4611686018427387904
#| left to the interpreter
#| left to the interpreter
