# stage: mir
from fastjit import prange
# args: float64[::1], float64
def f(a, k):
    for i in prange(len(a)):
        a[i] *= k

#| fn0 f(v0: ptr, v1: ptr, v2: i64, v3: i64, v4: f64) -> () source 0 ss0[16] {
#|   v5: i64 = iconst 0
#|   v10: bool = cmp.sgt v2, v5
#|   v14: i64 = select v10, v2, v5
#|   v31: ptr = stack_addr ss0
#|   store mem1[v31] = v1
#|   store mem1[v31 + 8] = v4
#|   v32: i64 = iconst 0
#|   v33: i64 = isub v14, v5
#|   v34: bool = cmp.slt v5, v14
#|   v35: i64 = select v34, v33, v32
#|   v36: i64 = runtime ParallelChunks(v35)
#|   v37: ptr = iconst 0
#|   v38: ptr = func_addr fn1
#|   v39: i64 = iconst 0
#|   runtime? ParallelFor(v38, v31, v35, v37, v39, v36)
#|   return
#| }
#| fn1 f.chunk1(v0: ptr, v1: i64, v2: i64, v3: ptr) -> () chunk source 0 {
#|   v4: i64 = iconst 0
#|   v5: ptr = load mem1[v0]
#|   v6: f64 = load mem1[v0 + 8]
#|   for i3 v7 in v1..v2 vector { r1
#|     v8: f64 = load mem0[v5 + v7*8]
#|     v9: f64 = fmul v8, v6
#|     store mem0[v5 + v7*8] = v9
#|     yield
#|   }
#|   return
#| }
#| site0: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:2
#| site1: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:2
