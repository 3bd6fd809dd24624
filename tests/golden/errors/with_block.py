def f(path):
    with open(path) as file:
        return 1

#| `with` is not supported in compiled code [unsupported-syntax]
#|   --> with_block.py:2:5
#|   |
#| 2 |     with open(path) as file:
#|   |     ^^^^ not in the compiled subset
#|   |
#|   = help: put the `with` block around the call, in the calling Python code
#|
#| with_block.py:2:5: `with` is not supported in compiled code [unsupported-syntax]
