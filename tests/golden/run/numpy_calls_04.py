def f():
    A = np.array([0.5, -1.25, 3.0, 2.0, 2.0, -7.5])
    N = np.array([3, 1, 2, 3, 0])
    D = np.array([0.0, 1.0, 2.0, 3.0])
    return (
        np.searchsorted(D, 2.0, 'right'),
        D.searchsorted(2.5),
        np.digitize(A, D),
        np.digitize(A, D, right=True),
        np.digitize(A, D[::-1]),
        np.digitize(D, D[::-1], True),
        np.unique(A),
        np.unique(N),
        np.bincount(N),
    )


#>

#| (int64(3), int64(3), int64[6][1, 0, 4, 3, 3, 0], int64[6][1, 0, 3, 2, 2, 0], int64[6][3, 4, 0, 1, 1, 4], int64[4][4, 3, 2, 1], float64[5][-7.5, -1.25, 0.5, 2.0, 3.0], int64[4][0, 1, 2, 3], int64[4][1, 1, 1, 2])
