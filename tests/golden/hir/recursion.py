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

#| fn0 fib(n.0: int) -> int recursive
#|   if (n.0 < 2:int):
#|     return n.0
#|   return (fn0((n.0 - 1:int):int):int + fn1(n.0):int):int
#|
#| fn1 even(n.0: int) -> int recursive
#|   if (n.0 == 0:int):
#|     return 1:int
#|   return fn2((n.0 - 1:int):int):int
#|
#| fn2 odd(n.0: int) -> int recursive
#|   if (n.0 == 0:int):
#|     return 0:int
#|   return fn1((n.0 - 1:int):int):int
