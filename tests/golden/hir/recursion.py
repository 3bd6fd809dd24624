def fib(n: "int"):
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

#| f0 fib(n.0: int) -> int recursive
#|     if (n.0 lt 2):
#|         return n.0
#|     return (f0((n.0 sub.int 1)) add.int f1(n.0))
#|
#| f1 even(n.0: int) -> int recursive
#|     if (n.0 eq 0):
#|         return 1
#|     return f2((n.0 sub.int 1))
#|
#| f2 odd(n.0: int) -> int recursive
#|     if (n.0 eq 0):
#|         return 0
#|     return f1((n.0 sub.int 1))
