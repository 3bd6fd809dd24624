# args: float64[::1], int
def walk(a, start):
    i = start
    total = 0
    for k in range(len(a)):
        i = (i * 5 + 1) // 3
        total += i // k
        a[i] = 1.0
    return total

#| walk(float64[::1], int) -> int
#|   loops   0 of 1 innermost vectorised
#|   checks  6 in loops, 2 proved away, 4 left in each iteration
#|
#| remaining_check.py:2 walk
#| 2 | def walk(a, start):
#| 3 |     i = start
#| 4 |     total = 0
#| 5 |     for k in range(len(a)):
#|   |       . not vectorised: a check is left in it
#|   |           help: see the checks on the lines below
#| 6 |         i = (i * 5 + 1) // 3
#|   |           + 1 overflow check proved away
#|   |           ! overflow check in each iteration: `i * 5` may leave 64 bits; OverflowError would be
#|   |             raised
#|   |               help: NumPy integers wrap without a check: begin with `np.int64(...)`; or
#|   |                     `overflow="wrap"`
#| 7 |         total += i // k
#|   |           + 1 overflow check proved away
#|   |           ! zero-division check in each iteration: the divisor may be 0
#|   |               help: test `if d != 0` first; for floats `error_model="numpy"` gives inf and nan
#|   |           ! overflow check in each iteration: `total += i // k` may leave 64 bits; OverflowError
#|   |             would be raised
#|   |               help: NumPy integers wrap without a check: begin with `np.int64(...)`; or
#|   |                     `overflow="wrap"`
#| 8 |         a[i] = 1.0
#|   |           ! index check in each iteration: the index goes its own way from iteration to
#|   |             iteration
#|   |               help: use the counter of `for i in range(len(a))`, or test `0 <= i < len(a)` first
#| 9 |     return total
#|
#|   + made faster   ! costs time   . good to know
