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
#|   prange  3 of 4 run in parallel
#|   checks  19 in loops, 13 proved away, 1 made before the loop, 5 left in each iteration
#|   arrays  5 made, 3 in loops
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
#|    |       + 2 comparisons before the loop: if true, it runs without checks
#|    |       + 5 comparisons before the loop: if true, it runs without checks
#|    |       + runs in parallel, on all threads (2 times)
#|    |       + unrolled: all 3 iterations are written out (4 times)
#|    |       + 7 overflow checks and 1 zero-division check proved away
#|    |       ! makes a new array in each iteration
#|    |           help: make it once before the loop, and fill it there element by element
#|    |       ! 2 overflow checks in each iteration: `for k in prange(a.shape[0])` may leave 64 bits;
#|    |         the call would then start again in the interpreter
#|    |           help: NumPy integers wrap without a check: begin with `np.int64(...)`; or
#|    |                 `overflow="wrap"`
#|    |       ! zero-division check in each iteration: the divisor may be 0
#|    |           help: test `if d != 0` first; for floats `error_model="numpy"` gives inf and nan
#|    |       . not vectorised: an operation or an element type in it has no vector form
#|    |       . not vectorised: a check is left in it
#|    |           help: see the checks on the lines below
#|    |       . makes a new array, which is freed with the last reference to it
#|  9 |         profile += a[k, :3]
#|    |           + unrolled: all 3 iterations are written out (6 times)
#|    |           + 1 index check and 2 checks of values proved away
#|    |           + 1 check of values made before the loop, not in it
#|    |           ! makes a new array in each iteration (2 times)
#|    |               help: make it once before the loop, and fill it there element by element
#|    |           ! index check in each iteration: nothing says that the counter stays below the length
#|    |               help: loop over `range(len(a))` or `range(a.shape[0])`
#|    |           . check of values in each iteration: may raise `ValueError`
#| 10 |     return total + profile[0]
#|
#|   + made faster   ! costs time   . good to know
