def f():
    return (
        np.full((2, 2), np.inf),
        np.eye(3)[1],
        np.array([1, 2, 3]).sum() / 2,
        np.array([[1, 2], [3, 4]]).T.sum(axis=0),
        np.array([1.5, 2.5]).astype(np.int32),
        np.array([300, -1]).astype(np.uint8),
        np.array([np.nan, 1.0]).max(),
        np.nanmax(np.array([np.nan, 1.0])),
        np.nanmean(np.array([[np.nan, 1.0], [2.0, 3.0]]), axis=0),
    )


#>

#| (float64[2, 2][inf, inf, inf, inf], float64[3][0.0, 1.0, 0.0], float64(3.0), int64[2][3, 7], int32[2][1, 2], uint8[2][44, 255], float64(nan), float64(1.0), float64[2][2.0, 2.0])
