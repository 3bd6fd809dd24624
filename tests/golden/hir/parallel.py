def f(a: "float64[::1]"):
    total = 0.0
    best = -math.inf
    for i in prange(len(a)):
        t = a[i] * 2
        total += t
        best = max(best, t)
    return total, best

#| fn0 f(a.0: float64[::1]) -> UniTuple(float64, 2)
#|   local total.1: float
#|   local best.2: float
#|   local held.3: int
#|   local counter.4: int
#|   local i.5: int
#|   local t.6: float64
#|   local total.7: float64
#|   local best.8: float64
#|   total.1 = 0.0:float
#|   best.2 = -inf:float
#|   held.3 = a.0.shape[0]
#|   total.7 = Cast(total.1):float64
#|   best.8 = Cast(best.2):float64
#|   for counter.4 in range(0:int, held.3, 1:int) parallel(Add total.7, Best Gt best.8 best.8):
#|     i.5 = counter.4
#|     t.6 = (a.0[i.5]:float64 * 2.0:float64):float64
#|     total.7 = (total.7 + t.6):float64
#|     best.8 = (t.6 if Cast((t.6 > best.8)):bool else best.8):float64
#|   return (total.7, best.8)
