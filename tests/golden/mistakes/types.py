# args: int
def number_and_text(x):
    return x + "a"

# args: int
def number_and_none(x):
    return x + None

# args: complex
def order_of_complex(x):
    return x < 2

# args: int
def calls_a_number(x):
    return x(1)

# args: int
def method_of_a_number(x):
    return x.append(1)

# args: int
def unpacks_a_number(x):
    a, b = x
    return a

# args: int
def loops_over_a_number(n):
    s = 0
    for i in n:
        s += i
    return s

# args: int
def wrong_unpacking(x):
    a, b = (x, x, x)
    return a

# args: int
def percent_format(x):
    return "%d" % x

#| unsupported operand type(s) for +: 'int' and 'str' [type-mismatch]
#|   --> types.py:3:12
#|   |
#| 3 |     return x + "a"
#|   |            ^^^^^^^ this is int + str
#|
#| unsupported operand type(s) for +: 'int' and 'NoneType' [type-mismatch]
#|   --> types.py:7:12
#|   |
#| 7 |     return x + None
#|   |            ^^^^^^^^ this is int + NoneType
#|   |
#|   = help: test for None before: `if x is not None:`
#|
#| '<' not supported between instances of 'complex' and 'int' [type-mismatch]
#|    --> types.py:11:12
#|    |
#| 11 |     return x < 2
#|    |            ^^^^^ operands: complex and int
#|
#| int is not callable [type-mismatch]
#|    --> types.py:15:12
#|    |
#| 15 |     return x(1)
#|    |            ^ called like a function
#|
#| the method 'append' of 'int' is not known to fastjit [unsupported-function]
#|    --> types.py:19:12
#|    |
#| 19 |     return x.append(1)
#|    |            ^^^^^^^^^^^ called here
#|
#| cannot unpack int [type-mismatch]
#|    --> types.py:23:5
#|    |
#| 23 |     a, b = x
#|    |     ^^^^ unpacked here
#|
#| int is not iterable [type-mismatch]
#|    --> types.py:29:14
#|    |
#| 29 |     for i in n:
#|    |              ^ iterated here
#|    |
#|    = help: write `range(...)` around it
#|
#| too many values to unpack (expected 2) [type-mismatch]
#|    --> types.py:35:5
#|    |
#| 35 |     a, b = (x, x, x)
#|    |     ^^^^ these targets
#|
#| formatting with `%` is not supported in compiled code [unsupported-function]
#|    --> types.py:40:12
#|    |
#| 40 |     return "%d" % x
#|    |            ^^^^^^^^ this string
#|    |
#|    = help: write an f-string, such as f"{x} is too large"
#|
