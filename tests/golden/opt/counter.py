# stage: mir
# args: int64[::1]
def f(a):
    count = 0
    for v in a:
        if v > 0:
            count += 1
    return count

#| fn0 f(v0: ptr, v1: ptr, v2: i64, v3: i64) -> (i64) source 0 {
#|   v4: i64 = iconst 0
#|   v6: i64 = iconst 1
#|   v17: i64 = for i4 v7 in v4..v2 (v8: i64 = v4) vector { r1
#|     v9: i64 = load mem0[v1 + v7*8]
#|     v11: bool = cmp.sgt v9, v4
#|     v13: i64 = iadd v8, v6
#|     v19: i64 = select v11, v13, v8
#|     yield v19
#|   }
#|   return v17
#| }
#| site0: Overflow[Text("integer overflow: the result of `count += 1` does not fit in 64 bits (after an array was changed or something was printed, the call cannot start again in the interpreter)", [])] at 0:4
