def f(a: "float64[::1]", flag: "bool"):
    total = 0
    for v in a:
        total += v
    x = 1 if flag else 0.5
    x *= 3
    return total / len(a) + x

#| f0 f(a.0: float64[::1], flag.1: bool) -> float64
#|     total.2: int = 0
#|     iterated.3: float64[::1] = a.0
#|     held.4: int = shape(0)(iterated.3)
#|     total.7: float64 = float64(total.2)
#|     total.is2.8: bool = true
#|     total.is7.9: bool = false
#|     for counter.5 in 0, held.4, 1:
#|         v.6: float64 = iterated.3[counter.5!]
#|         total.7: float64 = (total.7 add.float64 v.6)
#|         total.is2.8: bool = false
#|         total.is7.9: bool = true
#|     if flag.1:
#|         x.10: int = 1
#|         x.11: float = float(x.10)
#|         x.is10.12: bool = true
#|         x.is11.13: bool = false
#|     else:
#|         x.11: float = 0.5
#|         x.is10.12: bool = false
#|         x.is11.13: bool = true
#|     if x.is10.12:
#|         x.10: int = (x.10 mul.int 3)
#|         x.11: float = float(x.10)
#|         x.is10.12: bool = true
#|         x.is11.13: bool = false
#|     else:
#|         x.11: float = (x.11 mul.float 3.0)
#|         x.is10.12: bool = false
#|         x.is11.13: bool = true
#|     if total.is2.8:
#|         return float64(((total.2 truediv.float shape(0)(a.0)) add.float x.11))
#|     else:
#|         return ((total.7 truediv.float64 float64(shape(0)(a.0))) add.float64 float64(x.11))
