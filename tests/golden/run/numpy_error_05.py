def f():
    A = np.array([0.5, -1.25, 3.0, 2.0, 2.0, -7.5])
    D = np.array([0.0, 1.0, 2.0, 3.0])
    return np.dot(A, D)


#>

#| ValueError("shapes (6,) and (4,) not aligned: 6 (dim 0) != 4 (dim 0)") line 4
