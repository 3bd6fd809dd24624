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

#| fn0 f(a.0: float64[:, ::1], out.1: float64[:]) -> Tuple((float64[:, :, ::1], float, float))
#|   local item.2: int
#|   local item.3: int
#|   local n.4: int
#|   local m.5: int
#|   local held.6: int
#|   local counter.7: int
#|   local i.8: int
#|   local row.9: float64[::1]
#|   local stored.10: float64
#|   local element.11: float64
#|   local stored.12: float64
#|   local view.13: float64[:]
#|   local b.14: float64[:, :, ::1]
#|   local value.15: Tuple((float, int))
#|   local tuple.16: Tuple((float, int))
#|   local x.17: float
#|   local y.18: int
#|   local tuple.19: Tuple((float, int))
#|   local y0.20: float
#|   local x0.21: int
#|   item.2 = a.0.shape[0]
#|   item.3 = a.0.shape[1]
#|   n.4 = item.2
#|   m.5 = item.3
#|   held.6 = n.4
#|   for counter.7 in range(0:int, held.6, 1:int):
#|     i.8 = counter.7
#|     row.9 = a.0[i.8, ::]:float64[::1]
#|     stored.10 = (row.9[0:int]:float64 * 2.0:float64):float64
#|     out.1[i.8] = stored.10
#|     element.11 = out.1[i.8]:float64
#|     stored.12 = (element.11 + row.9[-1:int]:float64):float64
#|     out.1[i.8] = stored.12
#|   copy 1.0:float64 into a.0[0:int, ::]:float64[::1]
#|   view.13 = a.0[::, 1:int]:float64[:]
#|   copy map(view.13, out.1 -> ($0 + $1):float64):float64[::1] into view.13
#|   b.14 = a.0[1:int::, newaxis, ::]:float64[:, :, ::1]
#|   value.15 = (1.0:float, 2:int)
#|   tuple.16 = value.15
#|   x.17 = tuple.16.0
#|   y.18 = tuple.16.1
#|   tuple.19 = value.15
#|   y0.20 = tuple.19.0
#|   x0.21 = tuple.19.1
#|   return (b.14, x.17, y0.20)
