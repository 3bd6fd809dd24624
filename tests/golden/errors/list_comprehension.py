def f(n):
    squares = [i * i for i in range(n)]
    return squares

#| a comprehension is only supported as the argument of a call such as `sum(...)` [unsupported-syntax]
#|   --> list_comprehension.py:2:15
#|   |
#| 2 |     squares = [i * i for i in range(n)]
#|   |               ^^^^^^^^^^^^^^^^^^^^^^^^^ not in the compiled subset
#|   |
#|   = help: write a loop that fills an array: `out = np.empty(n)`, then `for i in range(n): out[i] = ...`
#|
#| list_comprehension.py:2:15: a comprehension is only supported as the argument of a call such as `sum(...)` [unsupported-syntax]
