def f(x):
    print(f"{x + f"{1}"}")

#| the fastjit parser does not know this form of Python yet [unsupported-syntax]
#|   --> unknown_form.py:2:20
#|   |
#| 2 |     print(f"{x + f"{1}"}")
#|   |                    ^ the parser says: invalid syntax. Got unexpected token '{'
#|   |
#|   = help: write it in the syntax of Python 3.11
#|
#| unknown_form.py:2:20: the fastjit parser does not know this form of Python yet [unsupported-syntax]
