def f(a: "float64[::1]"):
    best = None
    for v in a:
        if best is None or v < best:
            best = v
    if best is None:
        return -1.0
    return best

#| fn0 f(a.0: float64[::1]) -> float or float64
#|   local best.1: None
#|   local iterated.2: float64[::1]
#|   local held.3: int
#|   local counter.4: int
#|   local v.5: float64
#|   local best.6: float64
#|   local best.is1.7: bool
#|   local best.is6.8: bool
#|   local returned.9: float
#|   local returned.10: float64
#|   best.1 = <None>
#|   iterated.2 = a.0
#|   held.3 = iterated.2.shape[0]
#|   best.is1.7 = True:bool
#|   best.is6.8 = False:bool
#|   for counter.4 in range(0:int, held.3, 1:int):
#|     v.5 = iterated.2[counter.4 unchecked]:float64
#|     if best.is1.7:
#|       best.6 = v.5
#|     else:
#|       if Cast((v.5 < best.6)):bool:
#|         best.6 = v.5
#|     best.is1.7 = False:bool
#|     best.is6.8 = True:bool
#|   if best.is1.7:
#|     return { returned.9 = -1.0:float; (0:int, returned.9, Cast(returned.9):float64) }
#|   return { returned.10 = best.6; (1:int, Cast(returned.10):float, returned.10) }
