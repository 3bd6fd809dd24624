def f(x, width):
    print(f"{x:{width}}")

#| a format that holds values of its own is not supported in compiled code [unsupported-syntax]
#|   --> nested_fstring.py:2:16
#|   |
#| 2 |     print(f"{x:{width}}")
#|   |                ^^^^^^^ not in the compiled subset
#|   |
#|   = help: write the width and precision as constants
#|
#| nested_fstring.py:2:16: a format that holds values of its own is not supported in compiled code [unsupported-syntax]
