def f(x):
    return b"abc"[x]

#| bytes literals are not supported in compiled code [unsupported-syntax]
#|   --> bytes_literal.py:2:12
#|   |
#| 2 |     return b"abc"[x]
#|   |            ^^^^^^ not in the compiled subset
#|   |
#|   = help: use a `uint8` array: `np.frombuffer(data, np.uint8)` before the call
#|
#| bytes_literal.py:2:12: bytes literals are not supported in compiled code [unsupported-syntax]
