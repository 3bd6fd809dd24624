def f(a: "float64[::1]"):
    best = a[0]
    at = 0
    for i in prange(1, len(a)):
        if best < a[i]:
            best, at = a[i], i
    return at

#| fn0 f(a.0: float64[::1]) -> int
#|   local best.1: float64
#|   local at.2: int
#|   local held.3: int
#|   local counter.4: int
#|   local i.5: int
#|   local item.6: float64
#|   local item.7: int
#|   best.1 = a.0[0:int]:float64
#|   at.2 = 0:int
#|   held.3 = a.0.shape[0]
#|   for counter.4 in range(1:int, held.3, 1:int) parallel(Best Gt best.1 best.1, Best Gt best.1 at.2):
#|     i.5 = counter.4
#|     if Cast((best.1 < a.0[i.5]:float64)):bool:
#|       item.6 = a.0[i.5]:float64
#|       item.7 = i.5
#|       best.1 = item.6
#|       at.2 = item.7
#|   return at.2
