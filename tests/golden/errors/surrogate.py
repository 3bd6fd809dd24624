def f(x):
    raise ValueError("bad \ud800")

#| strings with surrogates are not supported in compiled code [unsupported-syntax]
#|   --> surrogate.py:2:22
#|   |
#| 2 |     raise ValueError("bad \ud800")
#|   |                      ^^^^^^^^^^^^ not in the compiled subset
#|   |
#|   = help: make the string at the top of the file and give it a name
#|
#| surrogate.py:2:22: strings with surrogates are not supported in compiled code [unsupported-syntax]
