def f(a: "float64[::1]"):
    last = 0.0
    for i in prange(len(a)):
        if a[i] > last:
            last = a[i]
    return last

#| the iterations of this prange loop depend on each other through 'last' [not-parallel]
#|   --> not_parallel.py:4:12
#|   |
#| 3 |     for i in prange(len(a)):
#|   |     ----------------------- this loop
#| 4 |         if a[i] > last:
#|   |            ^^^^^^^^^^^ compared here and assigned below: `max` or `min` of the two can be combined
#|   |
#|   = help: combine with `last += x`, `*=`, `min`, `max`, `&=`, `|=` or `^=`, use `range`, or store into an array
