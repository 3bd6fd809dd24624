def f():
    return np.arange(6).reshape(4, -1)


#>

#| ValueError("cannot reshape array of size 6 into shape (4,newaxis)") line 2
