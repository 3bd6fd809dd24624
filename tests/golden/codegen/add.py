# stage: clif
# args: int, int
def f(a, b):
    return a + b

#| ; f
#| function u0:0(i64, i64, i64) -> i32 system_v {
#|     region0 = 4294967295 ""
#|
#| block0(v0: i64, v1: i64, v2: i64):
#|     v3 = load.i64 notrap readonly v1
#|     v4 = load.i64 notrap readonly v1+8
#|     v5, v6 = sadd_overflow v3, v4
#|     v7 = iconst.i8 0
#|     v8 = icmp eq v6, v7  ; v7 = 0
#|     brif v6, block2, block1
#|
#| block1:
#|     v9 = iconst.i32 0
#|     store.i64 notrap v5, v2
#|     return v9  ; v9 = 0
#|
#| block2 cold:
#|     v10 = iconst.i32 0
#|     store notrap region0 v10, v0+24  ; v10 = 0
#|     v11 = iconst.i32 2
#|     jump block3(v11)  ; v11 = 2
#|
#| block3(v12: i32) cold:
#|     return v12
#| }
#|
