def f(a: "float64[::1]", flag: "bool"):
    total = 0
    for v in a:
        total += v
    x = 1 if flag else 0.5
    x *= 3
    return total / len(a) + x

#| fn0 f(a.0: float64[::1], flag.1: bool) -> float or float64
#|   local total.2: int
#|   local iterated.3: float64[::1]
#|   local held.4: int
#|   local counter.5: int
#|   local v.6: float64
#|   local total.7: float64
#|   local total.is2.8: bool
#|   local total.is7.9: bool
#|   local x.10: int
#|   local x.11: float
#|   local x.is10.12: bool
#|   local x.is11.13: bool
#|   local returned.14: float
#|   local returned.15: float64
#|   total.2 = 0:int
#|   iterated.3 = a.0
#|   held.4 = iterated.3.shape[0]
#|   total.7 = Cast(total.2):float64
#|   total.is2.8 = True:bool
#|   total.is7.9 = False:bool
#|   for counter.5 in range(0:int, held.4, 1:int):
#|     v.6 = iterated.3[counter.5 unchecked]:float64
#|     total.7 = (total.7 + v.6):float64
#|     total.is2.8 = False:bool
#|     total.is7.9 = True:bool
#|   if flag.1:
#|     x.10 = 1:int
#|     x.11 = Cast(x.10):float
#|     x.is10.12 = True:bool
#|     x.is11.13 = False:bool
#|   else:
#|     x.11 = 0.5:float
#|     x.is10.12 = False:bool
#|     x.is11.13 = True:bool
#|   if x.is10.12:
#|     x.10 = (x.10 * 3:int):int
#|     x.11 = Cast(x.10):float
#|     x.is10.12 = True:bool
#|     x.is11.13 = False:bool
#|   else:
#|     x.11 = (x.11 * 3.0:float):float
#|     x.is10.12 = False:bool
#|     x.is11.13 = True:bool
#|   if total.is2.8:
#|     return { returned.14 = ((total.2 / a.0.shape[0]):float + x.11):float; (0:int, returned.14, Cast(returned.14):float64) }
#|   else:
#|     return { returned.15 = ((total.7 / Cast(a.0.shape[0]):float64):float64 + Cast(x.11):float64):float64; (1:int, Cast(returned.15):float, returned.15) }
