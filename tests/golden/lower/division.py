# stage: mir-raw
# args: int, int
def f(a, b):
    return a // b, a % b

#| fn0 f(v0: i64, v1: i64) -> (i64, i64) source 0 {
#|   v2: i64 = iconst 0
#|   v3: bool = cmp.ne v1, v2
#|   guard v3 else raise site0
#|   v4: i64 = iconst -9223372036854775808
#|   v5: i64 = iconst -1
#|   v6: bool = cmp.ne v0, v4
#|   v7: bool = cmp.ne v1, v5
#|   v8: bool = bor v6, v7
#|   guard v8 else deopt site1
#|   v9: i64 = floordiv v0, v1
#|   v10: i64 = iconst 0
#|   v11: bool = cmp.ne v1, v10
#|   guard v11 else raise site2
#|   v12: i64 = iconst -1
#|   v13: i64 = iconst 1
#|   v14: bool = cmp.eq v1, v12
#|   v15: i64 = select v14, v13, v1
#|   v16: i64 = floormod v0, v15
#|   return v9, v16
#| }
#| site0: ZeroDivision[Text("integer division or modulo by zero", [])] at 0:1
#| site1: Overflow[Text("integer overflow: the result of `a // b` does not fit in 64 bits (after an array was changed or something was printed, the call cannot start again in the interpreter)", [])] at 0:1
#| site2: ZeroDivision[Text("integer modulo by zero", [])] at 0:1
