def f(x, **options):
    return x

#| `**kwargs` parameters are not supported in compiled code [unsupported-syntax]
#|   --> star_star_kwargs.py:1:10
#|   |
#| 1 | def f(x, **options):
#|   |          ^^^^^^^^^ not in the compiled subset
#|   |
#|   = help: name each parameter and give it a default
#|
#| star_star_kwargs.py:1:10: `**kwargs` parameters are not supported in compiled code [unsupported-syntax]
