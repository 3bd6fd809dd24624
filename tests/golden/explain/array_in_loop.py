# args: float64[::1], int
def repeat(a, n):
    for k in range(n):
        b = a + np.exp(a)
        a[0] = b[0] + math.sin(b[1])
    return a * 2.0

#| repeat(float64[::1], int) -> float64[::1]
#|   loops   2 of 2 innermost vectorised
#|   checks  5 in loops, 1 proved away, 3 made before the loop, 1 left in each iteration
#|   arrays  2 made, 1 in loops
#|
#| array_in_loop.py:2 repeat
#| 2 | def repeat(a, n):
#| 3 |     for k in range(n):
#|   |       + 2 comparisons before the loop: if true, it runs without checks
#| 4 |         b = a + np.exp(a)
#|   |           + vectorised: 4 float64 at a time
#|   |           + 1 check of values made before the loop, not in it
#|   |           ! makes a new array in each iteration
#|   |               help: make it once before the loop, and fill it there element by element
#| 5 |         a[0] = b[0] + math.sin(b[1])
#|   |           + 1 index check proved away
#|   |           + 2 index checks made before the loop, not in it
#|   |           . calls libm's `sin` in each iteration
#|   |           . check of values in each iteration: may raise `ValueError`
#| 6 |     return a * 2.0
#|   |       + vectorised: 4 float64 at a time, 4 vectors in each round
#|   |       . makes a new array, which is freed with the last reference to it
#|
#|   + made faster   ! costs time   . good to know
