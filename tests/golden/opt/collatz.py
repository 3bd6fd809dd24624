# stage: mir
# args: int
def f(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps

#| fn0 f(v0: i64) -> (i64) source 0 {
#|   v1: i64 = iconst 0
#|   v25: i64 = block i1 { r1
#|     v4: i64 = iconst 1
#|     v12: i64 = iconst 3
#|     v29: i64 = iconst 9223372036854775807
#|     v30: i64 = for i2 v3 in v1..v29 (v2: i64 = v0) { r2
#|       v5: bool = cmp.ne v2, v4
#|       if v5 { r3
#|         yield
#|       } else { r4
#|         break i1 v3
#|       }
#|       v7: i64 = band v2, v4
#|       v9: bool = cmp.eq v7, v1
#|       v11: i64 = sshr v2, v4
#|       v13: i64, v14: bool = checked.mul v2, v12
#|       v15: bool = bnot v14
#|       v31: bool = bor v15, v9
#|       guard v31 else deopt site0
#|       v17: i64 = iadd v13, v4
#|       v32: i64 = select v9, v11, v17
#|       yield v32
#|     }
#|     unreachable
#|   }
#|   return v25
#| }
#| site0: Overflow[Text("integer overflow: the result of `3 * n` does not fit in 64 bits (after an array was changed or something was printed, the call cannot start again in the interpreter)", [])] at 0:3
#| site1: Overflow[Text("integer overflow: the result of `3 * n + 1` does not fit in 64 bits (after an array was changed or something was printed, the call cannot start again in the interpreter)", [])] at 0:3
#| site2: Overflow[Text("integer overflow: the result of `steps += 1` does not fit in 64 bits (after an array was changed or something was printed, the call cannot start again in the interpreter)", [])] at 0:4
