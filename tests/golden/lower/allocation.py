# stage: mir-raw
import numpy as np
# args: int
def f(n):
    a = np.zeros(n)
    if n > 3:
        a[0] = 1.0
        return a
    return np.empty(1)

#| fn0 f(v0: i64) -> (ptr, ptr, i64, i64) source 0 owners 2 {
#|   v1: i64 = iconst 0
#|   v2: bool = cmp.sge v0, v1
#|   guard v2 else raise site0
#|   v3: i64 = iconst 8
#|   v4: i64, v5: bool = checked.mul v0, v3
#|   v6: bool = bnot v5
#|   guard v6 else raise site1
#|   v7: i64 = iconst 1
#|   v8: ptr = runtime Alloc(v4, v7)
#|   v9: ptr = iconst 0
#|   v10: bool = cmp.ne v8, v9
#|   guard v10 else raise site2(v4)
#|   owner_set own0 = v8
#|   v11: ptr = load mem1[v8 + 16]
#|   v12: i64 = iconst 8
#|   v13: ptr = owner_take own0
#|   owner_set own1 = v13
#|   v14: i64 = iconst 3
#|   v15: bool = cmp.sgt v0, v14
#|   if v15 { r1
#|     v16: f64 = fconst 1.0 (0x3ff0000000000000)
#|     v17: i64 = iconst 0
#|     v18: bool = cmp.ult v17, v0
#|     guard v18 else raise site3(v17, v0)
#|     store mem0[v11] = v16
#|     runtime Retain(v8)
#|     return v8, v11, v0, v12
#|   } else { r2
#|     yield
#|   }
#|   v19: i64 = iconst 1
#|   v20: i64 = iconst 8
#|   v21: i64 = iconst 0
#|   v22: ptr = runtime Alloc(v20, v21)
#|   v23: ptr = iconst 0
#|   v24: bool = cmp.ne v22, v23
#|   guard v24 else raise site4(v20)
#|   owner_set own0 = v22
#|   v25: ptr = load mem1[v22 + 16]
#|   v26: i64 = iconst 8
#|   v27: ptr = owner_take own0
#|   return v27, v25, v19, v26
#| }
#| site0: Value[Text("negative dimensions are not allowed", [])] at 0:1
#| site1: Value[Text("array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.", [])] at 0:1
#| site2: Memory[Text("Unable to allocate {0} bytes for an array", [Int])] at 0:1
#| site3: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:3
#| site4: Memory[Text("Unable to allocate {0} bytes for an array", [Int])] at 0:5
