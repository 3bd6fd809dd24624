def f():
    A = np.array([0.5, -1.25, 3.0, 2.0, 2.0, -7.5])
    B = np.array([[1.0, 2.5, -3.0], [4.0, 5.0, 6.5]])
    T = np.array([True, False, True, True, False, True])
    D = np.array([0.0, 1.0, 2.0, 3.0])
    return (
        np.outer(A[:2], D),
        np.dot(B, B.T),
        np.matmul(B, np.ones((3, 2))),
        np.where(T),
        np.any(A > 1) and np.all(A > -10),
        np.cumsum(A[::2]),
        np.mean(A[:0]),
        np.array_equal(A, A.copy()),
        np.arange(6).reshape(2, -1),
    )


#>

#| (float64[2, 4][0.0, 0.5, 1.0, 1.5, -0.0, -1.25, -2.5, -3.75], float64[2, 2][16.25, -3.0, -3.0, 83.25], float64[2, 2][0.5, 0.5, 15.5, 15.5], (int64[4][0, 2, 3, 5]), bool_(True), float64[3][0.5, 3.5, 5.5], float64(nan), True, int64[2, 3][0, 1, 2, 3, 4, 5])
