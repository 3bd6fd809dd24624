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

#| f0 f(a.0: float64[::1], n.1: int) -> float64
#|     total.2: int = 0
#|     iterated.3: float64[::1] = a.0
#|     held.4: int = shape(0)(iterated.3)
#|     total.7: float64 = float64(total.2)
#|     for counter.5 in 0, held.4, 1:
#|         v.6: float64 = iterated.3[counter.5!]
#|         total.7: float64 = (total.7 add.float64 v.6)
#|     k.8: int = 0
#|     while (k.8 lt n.1):
#|         if (k.8 eq 3):
#|             k.8: int = (k.8 add.int 2)
#|             continue
#|         k.8: int = (k.8 add.int 1)
#|     else:
#|         k.8: int = -1
#|     return total.7
