def f(a: "float64[::1]"):
    best = None
    for v in a:
        if best is None or v < best:
            best = v
    if best is None:
        return -1.0
    return best

#| f0 f(a.0: float64[::1]) -> float64
#|     best.1: None = <None>
#|     iterated.2: float64[::1] = a.0
#|     held.3: int = shape(0)(iterated.2)
#|     best.is1.7: bool = true
#|     best.is6.8: bool = false
#|     for counter.4 in 0, held.3, 1:
#|         v.5: float64 = iterated.2[counter.4!]
#|         if best.is1.7:
#|             best.6: float64 = v.5
#|         else:
#|             if bool((v.5 lt best.6)):
#|                 best.6: float64 = v.5
#|         best.is1.7: bool = false
#|         best.is6.8: bool = true
#|     if best.is1.7:
#|         return -1.0:float64
#|     return best.6
