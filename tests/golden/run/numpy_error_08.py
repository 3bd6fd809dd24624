def f():
    return np.zeros((2, 3)).reshape(4, 2)


#>

#| ValueError("cannot reshape array of size 6 into shape (4,2)") line 2
