def f():
    return math.gamma(-1)


#>

#| ValueError("math domain error") line 2
