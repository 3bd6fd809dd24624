# args: float64[::1]
def norm(a):
    total = 0.0
    for i in range(len(a)):
        total += square(a[i])
    return fact(3) + math.sqrt(total)

def square(x):
    return x * x

def fact(n):
    if n < 2:
        return 1
    return n * fact(n - 1)

#| norm(float64[::1]) -> float
#|   loops   0 of 1 innermost vectorised
#|   checks  1 in loops, 1 proved away
#|
#| inlined.py:2 norm
#| 2 | def norm(a):
#| 3 |     total = 0.0
#| 4 |     for i in range(len(a)):
#|   |       . not vectorised: floats are combined in the order of the iterations
#|   |           help: `fastmath={'reassoc'}` allows another order, and so another last digit
#| 5 |         total += square(a[i])
#|   |           + `square` is inlined: its body stands in place of the call
#|   |           + 1 index check proved away
#| 6 |     return fact(3) + math.sqrt(total)
#|   |       . `fact` is called, not inlined: it calls itself
#|
#| inlined.py:11 fact
#| 11 | def fact(n):
#| 12 |     if n < 2:
#| 13 |         return 1
#| 14 |     return n * fact(n - 1)
#|    |       + `fact` stands in itself, 2 deep: the last calls of a recursion are not made
#|    |       . `fact` is called, not inlined: it calls itself
#|    |       . overflow check: a result beyond 64 bits starts the call again in the interpreter (3
#|    |         times)
#|
#|   + made faster   ! costs time   . good to know
