def f(x):
    return x ? 1 : 2

#| the fastjit parser does not know this form of Python yet [unsupported-syntax]
#|   --> unknown_form.py:2:14
#|   |
#| 2 |     return x ? 1 : 2
#|   |              ^ the parser says: Got unexpected token ?
#|   |
#|   = help: write it in the syntax of Python 3.14
#|
#| unknown_form.py:2:14: the fastjit parser does not know this form of Python yet [unsupported-syntax]
