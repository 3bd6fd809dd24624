def f(x):
    return x in {1, 2, 3}

#| sets are not supported in compiled code [unsupported-syntax]
#|   --> set_display.py:2:17
#|   |
#| 2 |     return x in {1, 2, 3}
#|   |                 ^^^^^^^^^ not in the compiled subset
#|   |
#|   = help: use a tuple (`x in (1, 2, 3)`) or a boolean array as a mask
#|
#| set_display.py:2:17: sets are not supported in compiled code [unsupported-syntax]
