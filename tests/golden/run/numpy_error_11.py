def f():
    return np.linspace(0, 1, -1)


#>

#| ValueError("Number of samples, -1, must be non-negative.") line 2
