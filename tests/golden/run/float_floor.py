def f(a: "float", b: "float"):
    return a // b


#> 1.0, 0.0
#> 5.0, 2.0
#> 1e308, 1e-5

#| ZeroDivisionError("float floor division by zero") line 2
#| 2.0
#| inf
