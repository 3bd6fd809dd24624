def f(x):
    raise ValueError("bad") from None

#| `raise ... from ...` is not supported in compiled code [unsupported-syntax]
#|   --> raise_from.py:2:5
#|   |
#| 2 |     raise ValueError("bad") from None
#|   |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ not in the compiled subset
#|   |
#|   = help: leave the `from` part away
#|
#| raise_from.py:2:5: `raise ... from ...` is not supported in compiled code [unsupported-syntax]
