def f(a: "float", b: "float"):
    return a % b


#> 1.0, 0.0
#> -1.0, 3.0
#> 5.5, -0.0

#| ZeroDivisionError("float modulo") line 2
#| 2.0
#| ZeroDivisionError("float modulo") line 2
