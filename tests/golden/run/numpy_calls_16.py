def f():
    A = np.array([0.5, -1.25, 3.0, 2.0, 2.0, -7.5])
    N = np.array([3, 1, 2, 3, 0])
    B = np.array([[1.0, 2.5, -3.0], [4.0, 5.0, 6.5]])
    return (
        len(B), max(A), min(N), sum(N), abs(A),
        np.isnan(A).any(),
        np.searchsorted(N, 2),
        np.copysign(A, -1.0),
        np.hypot(3, 4), np.arctan2(1, -1), np.power(2, 3), np.power(2.0, N),
        np.ones((2, 2)) * 3 + np.arange(2),
        np.float32(0.1) * 3, np.float32(0.1) + np.float64(0.2), np.int8(100) + np.int8(100),
        math.hypot(3, 4), math.gcd(12, 18), math.factorial(20), math.comb(30, 15), math.isqrt(99),
    )


#>

#| (2, float64(3.0), int64(0), int64(9), float64[6][0.5, 1.25, 3.0, 2.0, 2.0, 7.5], bool_(False), int64(2), float64[6][-0.5, -1.25, -3.0, -2.0, -2.0, -7.5], float64(5.0), float64(2.356194490192345), int64(8), float64[5][8.0, 2.0, 4.0, 8.0, 1.0], float64[2, 2][3.0, 4.0, 3.0, 4.0], float32(0.3), float64(0.30000000149011613), int8(-56), 5.0, 6, 2432902008176640000, 155117520, 9)
