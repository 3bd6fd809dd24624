def f():
    A = np.array([0.5, -1.25, 3.0, 2.0, 2.0, -7.5])
    return np.max(A[:0])


#>

#| ValueError("zero-size array to reduction operation maximum which has no identity") line 3
