def fib(n: "int64"):
    if n < 2:
        return n
    return fib(n - 1) + even(n)


def even(n):
    if n == 0:
        return 1
    return odd(n - 1)


def odd(n):
    if n == 0:
        return 0
    return even(n - 1)
