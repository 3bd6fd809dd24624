def f(a: "float64[:, ::1]", out: "float64[:]"):
    n, m = a.shape
    for i in range(n):
        row = a[i]
        out[i] = row[0] * 2
        out[i] += row[-1]
    a[0, :] = 1
    a[:, 1] += out
    b = a[1:, None]
    x, y = y0, x0 = 1.0, 2
    return b, x, y0

#| f0 f(a.0: float64[:, ::1], out.1: float64[:]) -> Tuple((float64[:, :, ::1], float, float))
#|     item.2: int = shape(0)(a.0)
#|     item.3: int = shape(1)(a.0)
#|     n.4: int = item.2
#|     m.5: int = item.3
#|     held.6: int = n.4
#|     for counter.7 in 0, held.6, 1:
#|         i.8: int = counter.7
#|         row.9: float64[::1] = view a.0[i.8, :]:float64[::1]
#|         stored.10: float64 = (row.9[0] mul.float64 2.0:float64)
#|         out.1[i.8] = stored.10
#|         element.11: float64 = out.1[i.8]
#|         stored.12: float64 = (element.11 add.float64 row.9[-1])
#|         out.1[i.8] = stored.12
#|     copy into view a.0[0, :]:float64[::1] from 1.0:float64
#|     view.13: float64[:] = view a.0[:, 1]:float64[:]
#|     copy into view.13 from map(view.13, out.1){($0 add.float64 $1)}
#|     b.14: float64[:, :, ::1] = view a.0[1:, newaxis, :]:float64[:, :, ::1]
#|     value.15: Tuple((float, int)) = (1.0, 2)
#|     tuple.16: Tuple((float, int)) = value.15
#|     x.17: float = tuple.16.0
#|     y.18: int = tuple.16.1
#|     tuple.19: Tuple((float, int)) = value.15
#|     y0.20: float = tuple.19.0
#|     x0.21: int = tuple.19.1
#|     return (b.14, x.17, y0.20)
