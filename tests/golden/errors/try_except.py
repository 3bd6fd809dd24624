@fastjit
def f(a, i):
    try:
        return a[i]
    except IndexError:
        return 0.0

#| `try` is not supported in compiled code [unsupported-syntax]
#|   --> try_except.py:3:5
#|   |
#| 3 |     try:
#|   |     ^^^ not in the compiled subset
#|   |
#|   = help: test the condition before the operation, or catch the exception in the calling Python code
#|
#| try_except.py:3:5: `try` is not supported in compiled code [unsupported-syntax]
