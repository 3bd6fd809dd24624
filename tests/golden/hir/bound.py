def f(n: "int"):
    for i in range(n):
        t = i * 2
        if t > 5:
            last = t
    return last

#| f0 f(n.0: int) -> int
#|     held.1: int = n.0
#|     last.bound.6: bool = false
#|     for counter.2 in 0, held.1, 1:
#|         i.3: int = counter.2
#|         t.4: int = (i.3 mul.int 2)
#|         if (t.4 gt 5):
#|             last.5: int = t.4
#|             last.bound.6: bool = true
#|     return last.5 if last.bound.6
