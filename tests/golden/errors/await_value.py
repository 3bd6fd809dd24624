def f(n):
    async for i in n:
        pass

#| `async` and `await` are not supported in compiled code [unsupported-syntax]
#|   --> await_value.py:2:5
#|   |
#| 2 |     async for i in n:
#|   |     ^^^^^ not in the compiled subset
#|   |
#|   = help: compile the numeric part as a plain function and call it from the coroutine
#|
#| await_value.py:2:5: `async` and `await` are not supported in compiled code [unsupported-syntax]
