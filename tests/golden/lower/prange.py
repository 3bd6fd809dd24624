# stage: mir-raw
from fastjit import prange
# args: float64[::1]
def f(a):
    total = 0.0
    for i in prange(len(a)):
        total += a[i]
    return total

#| fn0 f(v0: ptr, v1: ptr, v2: i64, v3: i64) -> (f64) source 0 {
#|   v4: f64 = fconst 0.0 (0x0)
#|   v5: i64 = iconst 0
#|   v6: i64 = iconst 1
#|   v7: i64 = iconst 0
#|   v8: i64 = iconst 1
#|   v9: i64 = iconst 1
#|   v10: bool = cmp.slt v5, v2
#|   v11: i64 = isub v2, v5
#|   v12: i64 = iconst 9223372036854775807
#|   v13: i64 = umin v11, v12
#|   v14: i64 = select v10, v13, v7
#|   v25: i64 = iconst 0
#|   v26: f64 = for i11 v15 in v25..v14 (v16: f64 = v4) parallel fadd(0x8000000000000000) { r1
#|     v17: i64 = iadd v5, v15
#|     v18: i64 = iconst 0
#|     v19: bool = cmp.slt v17, v18
#|     v20: i64 = iadd v17, v2
#|     v21: i64 = select v19, v20, v17
#|     v22: bool = cmp.ult v21, v2
#|     guard v22 else raise site0(v17, v2)
#|     v23: f64 = load mem0[v1 + v21*8]
#|     v24: f64 = fadd v16, v23
#|     yield v24
#|   }
#|   return v26
#| }
#| site0: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:3
