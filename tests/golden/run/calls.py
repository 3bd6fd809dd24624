def f(a: "int", b: "int"):
    q, r = divide(a, b)
    return q * 10 + r, helper(a)


def divide(a, b):
    return a // b, a % b


def helper(x):
    if x > 100:
        raise ValueError("too large", x)
    return x * 2


#> 17, 5
#> 17, 0
#> 170, 5

#| (32, 34)
#| ZeroDivisionError("integer division or modulo by zero") line 7
#| ValueError("too large", 170) line 12
