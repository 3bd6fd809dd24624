def f():
    A = np.array([0.5, -1.25, 3.0, 2.0, 2.0, -7.5])
    return A[np.array([True, False])]


#>

#| IndexError("boolean index did not match indexed array along axis 0; size of axis is 6 but size of corresponding boolean axis is 2") line 3
