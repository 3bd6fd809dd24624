def f(x: "float64", n: "int"):
    def add(y, k=2):
        return x + y * k
    g = lambda t: add(t, k=n)
    return apply(g, 1.0) + add(1)


def apply(fn, v):
    return fn(v)

#| f0 f(x.0: float64, n.1: int) -> float64
#|     add.2: a function = (x.0, 2)
#|     g.3: a function = (add.2, n.1)
#|     return (f1(g.3, 1.0) add.float64 f4(add.2.0, add.2.1, 1, add.2.1))
#|
#| f1 apply(fn.0: a function, v.1: float) -> float64
#|     return f2(fn.0.0, fn.0.1, v.1)
#|
#| f2 <lambda>(add.0: a function, n.1: int, t.2: float) -> float64
#|     return f3(add.0.0, add.0.1, t.2, n.1)
#|
#| f3 add(x.0: float64, k.1: int, y.2: float, k.3: int) -> float64
#|     return (x.0 add.float64 float64((y.2 mul.float float(k.3))))
#|
#| f4 add(x.0: float64, k.1: int, y.2: int, k.3: int) -> float64
#|     return (x.0 add.float64 float64((y.2 mul.int k.3)))
