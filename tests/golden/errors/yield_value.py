def f(n):
    for i in range(n):
        yield i * 2

#| generators (`yield`) are not supported in compiled code [unsupported-syntax]
#|   --> yield_value.py:3:9
#|   |
#| 3 |         yield i * 2
#|   |         ^^^^^^^^^^^ not in the compiled subset
#|   |
#|   = help: fill an array and return it, or compile the body of the loop as a function of its own
#|
#| yield_value.py:3:9: generators (`yield`) are not supported in compiled code [unsupported-syntax]
