# stage: mir-raw
# args: int64[::1], int64
def f(a, x):
    for i, v in enumerate(a):
        if v == x:
            break
    else:
        i = -1
    return i

#| fn0 f(v0: ptr, v1: ptr, v2: i64, v3: i64, v4: i64) -> (i64) source 0 {
#|   v5: i64 = iconst 0
#|   v6: i64 = iconst 1
#|   v7: i64 = iconst 0
#|   v14: i64 = block i3 { r1
#|     v12: i64 = for i4 v8 in v5..v2 (v9: i64 = v7) { r2
#|       v10: i64 = load mem0[v1 + v8*8]
#|       v11: bool = cmp.eq v10, v4
#|       if v11 { r3
#|         break i3 v8
#|       } else { r4
#|         yield
#|       }
#|       yield v8
#|     }
#|     v13: i64 = iconst -1
#|     break i3 v13
#|   }
#|   return v14
#| }
