def count(step):
    global total
    if step > 0:
        total += step
    return total

#| compiled code cannot assign to `total`, which belongs to an outer scope [unsupported-syntax]
#|   --> global_assigned.py:4:9
#|   |
#| 2 |     global total
#|   |     ------------ declared here
#| 3 |     if step > 0:
#| 4 |         total += step
#|   |         ^^^^^ assigned here
#|   |
#|   = help: return the new value and assign it in Python, or keep `total` in an array
#|
#| global_assigned.py:4:9: compiled code cannot assign to `total`, which belongs to an outer scope [unsupported-syntax]
