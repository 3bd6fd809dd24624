def f(x: "float64", n: "int"):
    def add(y, k=2):
        return x + y * k
    g = lambda t: add(t, k=n)
    return apply(g, 1.0) + add(1)


def apply(fn, v):
    return fn(v)

#| fn0 f(x.0: float64, n.1: int) -> float64
#|   local add.2: a function
#|   local g.3: a function
#|   add.2 = (x.0, 2:int)
#|   g.3 = (add.2, n.1)
#|   return (fn1(g.3, 1.0:float):float64 + fn4(add.2.0, add.2.1, 1:int, add.2.1):float64):float64
#|
#| fn1 apply(fn.0: a function, v.1: float) -> float64
#|   return fn2(fn.0.0, fn.0.1, v.1):float64
#|
#| fn2 <lambda>(add.0: a function, n.1: int, t.2: float) -> float64
#|   return fn3(add.0.0, add.0.1, t.2, n.1):float64
#|
#| fn3 add(x.0: float64, k.1: int, y.2: float, k.3: int) -> float64
#|   return (x.0 + Cast((y.2 * Cast(k.3):float):float):float64):float64
#|
#| fn4 add(x.0: float64, k.1: int, y.2: int, k.3: int) -> float64
#|   return (x.0 + Cast((y.2 * k.3):int):float64):float64
