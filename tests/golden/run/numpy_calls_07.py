def f():
    A = np.array([0.5, -1.25, 3.0, 2.0, 2.0, -7.5])
    N = np.array([3, 1, 2, 3, 0])
    D = np.array([0.0, 1.0, 2.0, 3.0])
    return (
        np.meshgrid(A, N)[1],
        np.trapezoid(A),
        np.trapezoid(A, dx=0.5),
        np.trapezoid(D * D, D),
        np.polyval([1.0, 2.0, 3.0], 2.0),
        np.polyval(A, D),
        np.convolve(A, [1.0, 2.0, 0.5]),
        np.convolve(A, [1.0, 2.0, 0.5], 'same'),
        np.convolve(A, D, 'valid'),
    )


#>

#| (int64[5, 6][3, 3, 3, 3, 3, 3, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0], float64(2.25), float64(1.125), float64(9.5), float64(11.0), float64[4][-7.5, -1.25, 24.5, 117.75], float64[8][0.5, -0.25, 0.75, 7.375, 7.5, -2.5, -14.0, -3.75], float64[6][-0.25, 0.75, 7.375, 7.5, -2.5, -14.0], float64[3][2.0, 4.25, 15.0])
