def f():
    A = np.array([0.5, -1.25, 3.0, 2.0, 2.0, -7.5])
    N = np.array([3, 1, 2, 3, 0])
    D = np.array([0.0, 1.0, 2.0, 3.0])
    return (
        np.bincount(N, minlength=7),
        np.bincount(N, np.ones(5)),
        np.interp(1.25, D, D * 2),
        np.interp(A, D, D * D),
        np.quantile(A, 0.3),
        np.quantile(A, [0.1, 0.5]),
        np.percentile(A, 25),
        np.percentile(N, [10, 90]),
        np.histogram(A),
    )


#>

#| (int64[7][1, 1, 1, 2, 0, 0, 0], float64[4][1.0, 1.0, 1.0, 2.0], float64(2.5), float64[6][0.5, 0.0, 9.0, 4.0, 4.0, 0.0], float64(-0.375), float64[2][-4.375, 1.25], float64(-0.8125), float64[2][0.4, 3.0], (int64[10][1, 0, 0, 0, 0, 1, 0, 1, 0, 3], float64[11][-7.5, -6.45, -5.4, -4.35, -3.3, -2.25, -1.1999999999999993, -0.14999999999999947, 0.9000000000000004, 1.950000000000001, 3.0]))
