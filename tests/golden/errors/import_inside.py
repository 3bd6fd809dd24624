def f(x):
    import math
    return math.sqrt(x)

#| `import` is not supported inside compiled code [unsupported-syntax]
#|   --> import_inside.py:2:5
#|   |
#| 2 |     import math
#|   |     ^^^^^^^^^^^ not in the compiled subset
#|   |
#|   = help: import the module at the top of the file
#|
#| import_inside.py:2:5: `import` is not supported inside compiled code [unsupported-syntax]
