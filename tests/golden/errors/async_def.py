@fastjit
async def f(n):
    return n

#| `async def` functions cannot be compiled [unsupported-syntax]
#|   --> async_def.py:2:1
#|   |
#| 2 | async def f(n):
#|   | ^^^^^^^^^^^ not in the compiled subset
#|   |
#|   = help: compile the numeric part as a plain `def` function and call it from the coroutine
#|
#| async_def.py:2:1: `async def` functions cannot be compiled [unsupported-syntax]
