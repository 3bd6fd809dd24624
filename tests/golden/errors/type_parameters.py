def f[T](x: T) -> T:
    return x

#| type parameters are not supported in compiled code [unsupported-syntax]
#|   --> type_parameters.py:1:1
#|   |
#| 1 | def f[T](x: T) -> T:
#|   | ^^^^^ not in the compiled subset
#|   |
#|   = help: leave the `[...]` after the function's name away: types are inferred from the arguments
#|
#| type_parameters.py:1:1: type parameters are not supported in compiled code [unsupported-syntax]
