# stage: mir
# args: float64[::1]
def f(a):
    total = 0.0
    for i in range(len(a)):
        total += a[i]
    return total

#| fn0 f(v0: ptr, v1: ptr, v2: i64, v3: i64) -> (f64) source 0 {
#|   v4: f64 = fconst 0.0 (0x0)
#|   v5: i64 = iconst 0
#|   v16: f64 = for i4 v7 in v5..v2 (v8: f64 = v4) { r1
#|     v14: f64 = load mem0[v1 + v7*8]
#|     v15: f64 = fadd v8, v14
#|     yield v15
#|   }
#|   return v16
#| }
#| site0: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:3
