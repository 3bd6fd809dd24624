def f(x):
    match x:
        case {"a": 1}:
            return 1

#| mapping patterns are not supported in compiled code [unsupported-syntax]
#|   --> match_mapping.py:3:14
#|   |
#| 3 |         case {"a": 1}:
#|   |              ^^^^^^^^ not in the compiled subset
#|   |
#|   = help: match on numbers or tuples of numbers
#|
#| match_mapping.py:3:14: mapping patterns are not supported in compiled code [unsupported-syntax]
