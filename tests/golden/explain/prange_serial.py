# args: float64[:, ::1]
def rows(a):
    total = 0.0
    for i in prange(a.shape[0]):
        for j in prange(a.shape[1]):
            total += a[i, j]
    profile = np.zeros(3)
    for k in prange(a.shape[0]):
        profile += a[k, :3]
    return total + profile[0]

#| rows(float64[:, ::1]) -> float64
#|   loops   0 of 2 innermost vectorised
#|   prange  1 of 3 run in parallel
#|   checks  5 in loops, 4 proved away, 1 made before the loop
#|   arrays  2 made, 1 in loops
#|
#| prange_serial.py:2 rows
#|  2 | def rows(a):
#|  3 |     total = 0.0
#|  4 |     for i in prange(a.shape[0]):
#|    |       + runs in parallel, on all threads; one result is combined in a fixed order
#|  5 |         for j in prange(a.shape[1]):
#|    |           ! this prange runs as `range` does: it stands in another parallel loop, which has the
#|    |             threads
#|    |               help: write `range` here
#|    |           . not vectorised: floats are combined in the order of the iterations
#|    |               help: `fastmath={'reassoc'}` allows another order, and so another last digit
#|  6 |             total += a[i, j]
#|    |               + 2 index checks proved away
#|  7 |     profile = np.zeros(3)
#|    |       . makes a new array, which is freed with the last reference to it
#|  8 |     for k in prange(a.shape[0]):
#|    |       + 1 comparison before the loop: if true, it runs without checks
#|    |       ! this prange runs as `range` does: it combines arrays over the iterations
#|    |           help: add up rows of a two-dimensional array after the loop
#|  9 |         profile += a[k, :3]
#|    |           + 1 index check and 1 check of values proved away
#|    |           + 1 check of values made before the loop, not in it
#|    |           ! makes a new array in each iteration
#|    |               help: make it once before the loop and fill it there: `out[:] = ...`
#|    |           . not vectorised: it has too few iterations (3 times)
#| 10 |     return total + profile[0]
#|
#|   + made faster   ! costs time   . good to know
