def f():
    A = np.array([0.5, -1.25, 3.0, 2.0, 2.0, -7.5])
    return A[np.array([0, 9])]


#>

#| IndexError("index 9 is out of bounds for axis 0 with size 6") line 3
