def f():
    B = np.array([[1.0, 2.5, -3.0], [4.0, 5.0, 6.5]])
    return np.dot(B, B)


#>

#| ValueError("shapes (2,3) and (2,3) not aligned: 3 (dim 1) != 2 (dim 0)") line 3
