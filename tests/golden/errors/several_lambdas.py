f, g = fastjit(lambda x: x + 1), fastjit(lambda x: x - 1)

#| several lambdas on the same lines cannot be told apart [source-unavailable]
#|   --> several_lambdas.py:1:16
#|   |
#| 1 | f, g = fastjit(lambda x: x + 1), fastjit(lambda x: x - 1)
#|   |                ^^^^^^^^^^^^^^^           --------------- or this one
#|   |                |
#|   |                this one
#|   |
#|   = help: put each lambda on a line of its own, or use `def`
#|
#| several_lambdas.py:1:16: several lambdas on the same lines cannot be told apart [source-unavailable]
