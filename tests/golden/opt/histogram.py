# stage: mir
# args: int64[::1], int64[::1]
def f(a, h):
    for v in a:
        h[v] += 1

#| fn0 f(v0: ptr, v1: ptr, v2: i64, v3: i64, v4: ptr, v5: ptr, v6: i64, v7: i64) -> () source 0 {
#|   v8: i64 = iconst 0
#|   v9: i64 = iconst 1
#|   for i3 v10 in v8..v2 { r1
#|     v11: i64 = load mem0[v1 + v10*8]
#|     v13: bool = cmp.slt v11, v8
#|     v14: i64 = iadd v11, v6
#|     v15: i64 = select v13, v14, v11
#|     v16: bool = cmp.ult v15, v6
#|     guard v16 else raise site0(v11, v6)
#|     v17: i64 = load mem0[v5 + v15*8]
#|     v19: i64 = iadd v17, v9
#|     store mem0[v5 + v15*8] = v19
#|     yield
#|   }
#|   return
#| }
#| site0: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:2
#| site1: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:2
