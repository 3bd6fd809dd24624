def f(a: "float64[::1]"):
    last = 0.0
    for i in prange(len(a)):
        if a[i] > last:
            last = a[i] + 1.0
    return last

#| the iterations of this prange loop depend on each other through 'last' [not-parallel]
#|   --> not_parallel.py:4:12
#|   |
#| 3 |     for i in prange(len(a)):
#|   |     ----------------------- this loop
#| 4 |         if a[i] > last:
#|   |            ^^^^^^^^^^^ compared here and assigned below: only `if x > best: best = x` and the like can be combined
#|   |
#|   = help: combine with `last += x`, `*=`, `min`, `max`, `&=`, `|=` or `^=`, use `range`, or store into an array
