# args: float64[::1], float64[:, :], float64[::1]
def f(a, b, c):
    for i in range(1, len(a)):
        a[i] = a[i - 1] * 0.5
    for i in range(b.shape[0]):
        c[i] = b[0, i] + 1.0
    for i in range(len(c)):
        c[i] = a[i] ** 1.5

#| f(float64[::1], float64[:, :], float64[::1]) -> None
#|   loops   2 of 3 innermost vectorised
#|   checks  8 in loops, 4 proved away, 4 made before the loop
#|
#| declined.py:2 f
#| 2 | def f(a, b, c):
#| 3 |     for i in range(1, len(a)):
#|   |       . not vectorised: it stores into what other iterations may touch
#|   |           help: store into another array
#| 4 |         a[i] = a[i - 1] * 0.5
#|   |           + 2 index checks and 1 overflow check proved away
#| 5 |     for i in range(b.shape[0]):
#|   |       + 2 comparisons before the loop: if true, it runs without checks
#|   |       + vectorised: 4 float64 at a time, 4 vectors in each round
#| 6 |         c[i] = b[0, i] + 1.0
#|   |           + 3 index checks made before the loop, not in it
#| 7 |     for i in range(len(c)):
#|   |       + 1 comparison before the loop: if true, it runs without checks
#|   |       + vectorised: 4 float64 at a time
#| 8 |         c[i] = a[i] ** 1.5
#|   |           + 1 index check proved away
#|   |           + 1 index check made before the loop, not in it
#|
#|   + made faster   ! costs time   . good to know
