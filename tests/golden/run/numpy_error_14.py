def f():
    return math.gamma(180.0)


#>

#| OverflowError("math range error") line 2
