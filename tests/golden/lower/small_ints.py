# stage: mir-raw
# args: uint8, int8, int
def f(a, b, k):
    return a + k, a * b, b << 1, ~a

#| fn0 f(v0: i8, v1: i8, v2: i64) -> (i8, i16, i8, i8) source 0 {
#|   v3: i64 = iconst 0
#|   v4: i64 = iconst 255
#|   v5: bool = cmp.ule v2, v4
#|   guard v5 else raise site0(v2)
#|   v6: i8 = trunc v2
#|   v7: i8 = iadd v0, v6
#|   v8: i16 = zext v0
#|   v9: i16 = sext v1
#|   v10: i16 = imul v8, v9
#|   v11: i8 = iconst 1
#|   v12: i8 = ishl v1, v11
#|   v13: i8 = bnot v0
#|   return v7, v10, v12, v13
#| }
#| site0: Overflow[Text("Python integer {0} out of bounds for uint8", [Int])] at 0:1
