# stage: mir-raw
# args: float64[::1], int
def f(a, i):
    return a[i]

#| fn0 f(v0: ptr, v1: ptr, v2: i64, v3: i64, v4: i64) -> (f64) source 0 {
#|   v5: i64 = iconst 0
#|   v6: bool = cmp.slt v4, v5
#|   v7: i64 = iadd v4, v2
#|   v8: i64 = select v6, v7, v4
#|   v9: bool = cmp.ult v8, v2
#|   guard v9 else raise site0(v4, v2)
#|   v10: f64 = load mem0[v1 + v8*8]
#|   return v10
#| }
#| site0: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:1
