def f(x, *rest):
    return x

#| `*args` parameters are not supported in compiled code [unsupported-syntax]
#|   --> star_args.py:1:11
#|   |
#| 1 | def f(x, *rest):
#|   |           ^^^^ not in the compiled subset
#|   |
#|   = help: name each parameter, or take one tuple or array
#|
#| star_args.py:1:11: `*args` parameters are not supported in compiled code [unsupported-syntax]
