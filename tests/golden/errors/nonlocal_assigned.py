def f(x):
    n = 0
    def g():
        nonlocal n
        n += 1
    g()
    return n

#| compiled code cannot assign to `n`, which belongs to an outer scope [unsupported-syntax]
#|   --> nonlocal_assigned.py:5:9
#|   |
#| 4 |         nonlocal n
#|   |         ---------- declared here
#| 5 |         n += 1
#|   |         ^ assigned here
#|   |
#|   = help: return the new value and assign it in Python, or keep `n` in an array
#|
#| nonlocal_assigned.py:5:9: compiled code cannot assign to `n`, which belongs to an outer scope [unsupported-syntax]
