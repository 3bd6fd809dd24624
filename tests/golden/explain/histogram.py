# args: int64[::1], int64[::1]
def histogram(values, counts):
    for v in values:
        counts[v] += 1

#| histogram(int64[::1], int64[::1]) -> None
#|   loops   0 of 1 innermost vectorised
#|   checks  2 in loops, 1 proved away, 1 left in each iteration
#|
#| histogram.py:2 histogram
#| 2 | def histogram(values, counts):
#| 3 |     for v in values:
#|   |       + unrolled: 4 iterations at a time
#|   |       . not vectorised: its elements do not lie side by side
#|   |           help: let the innermost loop run over the last axis of C-contiguous arrays
#| 4 |         counts[v] += 1
#|   |           + 1 index check proved away
#|   |           ! index check in each iteration: the index is read from an array
#|   |               help: it is one comparison, and only `boundscheck=False` drops it, at your risk
#|
#|   + made faster   ! costs time   . good to know
