def f():
    A = np.array([0.5, -1.25, 3.0, 2.0, 2.0, -7.5])
    N = np.array([3, 1, 2, 3, 0])
    B = np.array([[1.0, 2.5, -3.0], [4.0, 5.0, 6.5]])
    return (
        np.nansum(np.array([np.nan, 1.0])),
        np.median(np.array([3.0, 1.0, np.nan])),
        np.std(N), np.var(N, ddof=1),
        np.clip(N, 1, 2), np.sign(A), np.abs(A),
        np.minimum(A, 0), np.maximum(N, 2),
        np.floor(A), np.round(A), A.round(1),
        (A.shape, B.shape, B.T.shape, B.size, A.ndim),
    )


#>

#| (float64(1.0), float64(nan), float64(1.1661903789690602), float64(1.7000000000000002), int64[5][2, 1, 2, 2, 1], float64[6][1.0, -1.0, 1.0, 1.0, 1.0, -1.0], float64[6][0.5, 1.25, 3.0, 2.0, 2.0, 7.5], float64[6][0.0, -1.25, 0.0, 0.0, 0.0, -7.5], int64[5][3, 2, 2, 3, 2], float64[6][0.0, -2.0, 3.0, 2.0, 2.0, -8.0], float64[6][0.0, -1.0, 3.0, 2.0, 2.0, -8.0], float64[6][0.5, -1.2, 3.0, 2.0, 2.0, -7.5], ((6), (2, 3), (3, 2), 6, 1))
