def f(x, options):
    return g(x, **options)

#| `**` arguments are not supported in compiled code [unsupported-syntax]
#|   --> star_star_call.py:2:17
#|   |
#| 2 |     return g(x, **options)
#|   |                 ^^^^^^^^^ not in the compiled subset
#|   |
#|   = help: write each argument as `name=value`
#|
#| star_star_call.py:2:17: `**` arguments are not supported in compiled code [unsupported-syntax]
