def f(a: "int", n: "int"):
    return a << n, a >> n


#> 1, 62
#> ! 1, 63
#> -1, 63
#> ! -1, 64
#> 0, 100
#> 5, -1
#> -5, 2
#> 5, 0

#| (4611686018427387904, 0)
#| left to the interpreter
#| (-9223372036854775808, -1)
#| left to the interpreter
#| (0, 0)
#| ValueError("negative shift count") line 2
#| (-20, -2)
#| (5, 5)
