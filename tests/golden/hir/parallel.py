def f(a: "float64[::1]"):
    total = 0.0
    best = -math.inf
    for i in prange(len(a)):
        t = a[i] * 2
        total += t
        best = max(best, t)
    return total, best

#| f0 f(a.0: float64[::1]) -> UniTuple(float64, 2)
#|     total.1: float = 0.0
#|     best.2: float = -inf
#|     held.3: int = shape(0)(a.0)
#|     total.7: float64 = float64(total.1)
#|     best.8: float64 = float64(best.2)
#|     for counter.4 in 0, held.3, 1 parallel Add(total.7) Max(best.8):
#|         i.5: int = counter.4
#|         t.6: float64 = (a.0[i.5] mul.float64 2.0:float64)
#|         total.7: float64 = (total.7 add.float64 t.6)
#|         best.8: float64 = (t.6 if bool((t.6 gt best.8)) else best.8)
#|     return (total.7, best.8)
