def f():
    A = np.array([0.5, -1.25, 3.0, 2.0, 2.0, -7.5])
    B = np.array([[1.0, 2.5, -3.0], [4.0, 5.0, 6.5]])
    T = np.array([True, False, True, True, False, True])
    return (
        B[np.array([1, 0, 1])],
        A[np.array([[0, 1], [2, 3]])],
        B[np.array([0, 1]), np.array([2, 0])],
        np.sort(A),
        np.sort(B),
        np.sort(B, axis=0),
        np.nonzero(A),
        np.nonzero(B > 2),
        np.sum(A[T]),
    )


#>

#| (float64[3, 3][4.0, 5.0, 6.5, 1.0, 2.5, -3.0, 4.0, 5.0, 6.5], float64[2, 2][0.5, -1.25, 3.0, 2.0], float64[2][-3.0, 4.0], float64[6][-7.5, -1.25, 0.5, 2.0, 2.0, 3.0], float64[2, 3][-3.0, 1.0, 2.5, 4.0, 5.0, 6.5], float64[2, 3][1.0, 2.5, -3.0, 4.0, 5.0, 6.5], (int64[6][0, 1, 2, 3, 4, 5]), (int64[4][0, 1, 1, 1], int64[4][1, 0, 1, 2]), float64(-2.0))
