# args: float64[:, ::1], float64[:, ::1]
def heat(a, b):
    n, m = a.shape
    for i in range(1, n - 1):
        for j in range(1, m - 1):
            b[i, j] = 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])

#| heat(float64[:, ::1], float64[:, ::1]) -> None
#|   loops   1 of 1 innermost vectorised
#|   checks  15 in loops, 13 proved away, 2 made before the loop
#|
#| stencil.py:2 heat
#| 2 | def heat(a, b):
#| 3 |     n, m = a.shape
#| 4 |     for i in range(1, n - 1):
#|   |       + 2 comparisons before the loop: if true, it runs without checks
#| 5 |         for j in range(1, m - 1):
#|   |           + vectorised: 4 float64 at a time, 4 vectors in each round
#|   |           + 1 overflow check proved away
#| 6 |             b[i, j] = 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])
#|   |               + 8 index checks and 4 overflow checks proved away
#|   |               + 2 index checks made before the loop, not in it
#|
#|   + made faster   ! costs time   . good to know
