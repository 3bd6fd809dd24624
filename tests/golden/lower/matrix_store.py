# stage: mir-raw
# args: float32[:, :], int, float32
def f(a, i, x):
    a[i, 2] = x

#| fn0 f(v0: ptr, v1: ptr, v2: i64, v3: i64, v4: i64, v5: i64, v6: i64, v7: f32) -> () source 0 {
#|   v8: i64 = iconst 2
#|   v9: i64 = iconst 0
#|   v10: bool = cmp.slt v6, v9
#|   v11: i64 = iadd v6, v2
#|   v12: i64 = select v10, v11, v6
#|   v13: bool = cmp.ult v12, v2
#|   guard v13 else raise site0(v6, v2)
#|   v14: bool = cmp.ult v8, v3
#|   guard v14 else raise site1(v8, v3)
#|   v15: i64 = imul v12, v4
#|   v16: ptr = ptr_add v1, v15
#|   v17: i64 = imul v8, v5
#|   store mem0[v16 + v17*1] = v7
#|   return
#| }
#| site0: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:1
#| site1: Index[Text("index {0} is out of bounds for axis 1 with size {1}", [Int, Int])] at 0:1
