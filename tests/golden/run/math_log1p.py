def f(x: "float"):
    return math.log1p(x)


#> -1.0
#> -0.5
#> inf
#> -2.0

#| ValueError("math domain error") line 2
#| -0.6931471805599453
#| inf
#| ValueError("math domain error") line 2
