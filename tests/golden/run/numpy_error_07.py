def f():
    A = np.array([0.5, -1.25, 3.0, 2.0, 2.0, -7.5])
    return np.argmin(A[:0])


#>

#| ValueError("attempt to get argmin of an empty sequence") line 3
