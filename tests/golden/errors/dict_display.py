def f(x):
    table = {1: 2.0, 3: x}
    return table[1]

#| dictionaries are not supported in compiled code [unsupported-syntax]
#|   --> dict_display.py:2:13
#|   |
#| 2 |     table = {1: 2.0, 3: x}
#|   |             ^^^^^^^^^^^^^^ not in the compiled subset
#|   |
#|   = help: use arrays or tuples, with integer constants as indices; or look the values up before the call
#|
#| dict_display.py:2:13: dictionaries are not supported in compiled code [unsupported-syntax]
