def f(x):
    @fastjit
    def g(y):
        return y + 1
    return g(x)

#| decorators on inner functions are not supported in compiled code [unsupported-syntax]
#|   --> decorated_inner.py:2:5
#|   |
#| 2 |     @fastjit
#|   |     ^^^^^^^^ not in the compiled subset
#|   |
#|   = help: leave the decorator away: inner functions are compiled with the function around them
#|
#| decorated_inner.py:2:5: decorators on inner functions are not supported in compiled code [unsupported-syntax]
