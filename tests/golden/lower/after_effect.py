# stage: mir-raw
# args: int64[::1], int, int
def f(a, x, y):
    z = x * y
    a[0] = z
    return z + x

#| fn0 f(v0: ptr, v1: ptr, v2: i64, v3: i64, v4: i64, v5: i64) -> (i64) source 0 {
#|   v6: i64, v7: bool = checked.mul v4, v5
#|   v8: bool = bnot v7
#|   guard v8 else deopt site0
#|   v9: i64 = iconst 0
#|   v10: bool = cmp.ult v9, v2
#|   guard v10 else raise site1(v9, v2)
#|   store mem0[v1] = v6
#|   v11: i64, v12: bool = checked.add v6, v4
#|   v13: bool = bnot v12
#|   guard v13 else raise site2
#|   return v11
#| }
#| site0: Overflow[Text("integer overflow: the result of `x * y` does not fit in 64 bits (after an array was changed or something was printed, the call cannot start again in the interpreter)", [])] at 0:1
#| site1: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:2
#| site2: Overflow[Text("integer overflow: the result of `z + x` does not fit in 64 bits (after an array was changed or something was printed, the call cannot start again in the interpreter)", [])] at 0:3
