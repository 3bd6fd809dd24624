# stage: mir
# args: int, int
def f(seed, n):
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
    return seed

#| fn0 f(v0: i64, v1: i64) -> (i64) source 0 {
#|   v2: i64 = iconst 0
#|   v6: i64 = iconst 1103515245
#|   v8: i64 = iconst 12345
#|   v10: i64 = iconst 2147483647
#|   v12: i64 = for i3 v4 in v2..v1 (v5: i64 = v0) { r1
#|     v7: i64 = imul v5, v6
#|     v9: i64 = iadd v7, v8
#|     v11: i64 = band v9, v10
#|     yield v11
#|   }
#|   return v12
#| }
