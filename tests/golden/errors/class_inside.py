def f(x):
    class Point:
        pass
    return x

#| classes are not supported inside compiled code [unsupported-syntax]
#|   --> class_inside.py:2:5
#|   |
#| 2 |     class Point:
#|   |     ^^^^^^^^^^^ not in the compiled subset
#|   |
#|   = help: define the class at the top of the file and pass its numbers and arrays as arguments
#|
#| class_inside.py:2:5: classes are not supported inside compiled code [unsupported-syntax]
