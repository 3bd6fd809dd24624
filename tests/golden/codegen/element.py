# stage: clif
# args: float64[::1], int
def f(a, i):
    return a[i]

#| ; f
#| function u0:0(i64, i64, i64) -> i32 system_v {
#|     region0 = 0 ""
#|     region1 = 4294967295 ""
#|
#| block0(v0: i64, v1: i64, v2: i64):
#|     v3 = load.i64 notrap readonly v1+8
#|     v4 = load.i64 notrap readonly v1+16
#|     v5 = load.i64 notrap readonly v1+32
#|     v6 = iconst.i64 0
#|     v7 = icmp slt v5, v6  ; v6 = 0
#|     v8 = iadd v5, v4
#|     v9 = select v7, v8, v5
#|     v10 = icmp ult v9, v4
#|     v11 = icmp uge v9, v4
#|     brif v11, block2, block1
#|
#| block1:
#|     v12 = iconst.i64 3
#|     v13 = ishl.i64 v9, v12  ; v12 = 3
#|     v14 = iadd.i64 v3, v13
#|     v15 = load.f64 notrap region0 v14
#|     v16 = iconst.i32 0
#|     store notrap v15, v2
#|     return v16  ; v16 = 0
#|
#| block2 cold:
#|     store.i64 notrap region1 v5, v0+32
#|     store.i64 notrap region1 v4, v0+40
#|     v17 = iconst.i32 0
#|     store notrap region1 v17, v0+24  ; v17 = 0
#|     v18 = iconst.i32 1
#|     jump block3(v18)  ; v18 = 1
#|
#| block3(v19: i32) cold:
#|     return v19
#| }
#|
