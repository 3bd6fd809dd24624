def f(a: "float64[::1]", n: "int"):
    total = 0
    for v in a:
        total += v
    k = 0
    while k < n:
        if k == 3:
            k += 2
            continue
        k += 1
    else:
        k = -1
    return total

#| fn0 f(a.0: float64[::1], n.1: int) -> float64
#|   local total.2: int
#|   local iterated.3: float64[::1]
#|   local held.4: int
#|   local counter.5: int
#|   local v.6: float64
#|   local total.7: float64
#|   local k.8: int
#|   total.2 = 0:int
#|   iterated.3 = a.0
#|   held.4 = iterated.3.shape[0]
#|   total.7 = Cast(total.2):float64
#|   for counter.5 in range(0:int, held.4, 1:int):
#|     v.6 = iterated.3[counter.5 unchecked]:float64
#|     total.7 = (total.7 + v.6):float64
#|   k.8 = 0:int
#|   while (k.8 < n.1):
#|     if (k.8 == 3:int):
#|       k.8 = (k.8 + 2:int):int
#|       continue
#|     k.8 = (k.8 + 1:int):int
#|   else:
#|     k.8 = -1:int
#|   return total.7
