def f():
    A = np.array([0.5, -1.25, 3.0, 2.0, 2.0, -7.5])
    B = np.array([[1.0, 2.5, -3.0], [4.0, 5.0, 6.5]])
    T = np.array([True, False, True, True, False, True])
    D = np.array([0.0, 1.0, 2.0, 3.0])
    return (
        B.sum(axis=0, keepdims=True) + B,
        B - B.mean(axis=1, keepdims=True),
        (B - np.mean(B)) / np.std(B),
        np.sqrt(np.sum((B[0] - B[1]) ** 2)),
        A @ A, B @ D[:3], D[:2] @ B,
        np.logical_and(A > 0, T), ~T, T & (A > 0), T ^ T,
        1 if A.any() else 2,
        5.0 in A, 2.0 in A,
    )


#>

#| (float64[2, 3][6.0, 10.0, 0.5, 9.0, 12.5, 10.0], float64[2, 3][0.8333333333333334, 2.3333333333333335, -3.1666666666666665, -1.166666666666667, -0.16666666666666696, 1.333333333333333], float64[2, 3][-0.5415303610738823, -0.05415303610738819, -1.8412032276511998, 0.4332242888591059, 0.7581425055034353, 1.2455198304699295], float64(10.27131929208707), float64(75.0625), float64[2][-3.5, 18.0], float64[3][4.0, 5.0, 6.5], bool_[6][True, False, True, True, False, False], bool_[6][False, True, False, False, True, False], bool_[6][True, False, True, True, False, False], bool_[6][False, False, False, False, False, False], 1, False, True)
