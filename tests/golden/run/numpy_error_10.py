def f():
    return np.zeros(-1)


#>

#| ValueError("negative dimensions are not allowed") line 2
