@fastjit
class Point:
    x: int

#| classes cannot be compiled [unsupported-syntax]
#|   --> class_decorated.py:2:1
#|   |
#| 2 | class Point:
#|   | ^^^^^^^^^^^ not in the compiled subset
#|   |
#|   = help: decorate the functions or methods that compute
#|
#| class_decorated.py:2:1: classes cannot be compiled [unsupported-syntax]
