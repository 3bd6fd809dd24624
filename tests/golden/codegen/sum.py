# stage: clif
# args: float64[::1]
def f(a):
    total = 0.0
    for v in a:
        total += v
    return total

#| ; f
#| function u0:0(i64, i64, i64) -> i32 system_v {
#|     region0 = 0 ""
#|     region1 = 4294967295 ""
#|     sig0 = (i64) preserve_all
#|     fn0 = u1:0 sig0
#|
#| block0(v0: i64, v1: i64, v2: i64):
#|     v3 = load.i64 notrap readonly v1+8
#|     v4 = load.i64 notrap readonly v1+16
#|     v5 = f64const 0.0
#|     v6 = iconst.i64 0
#|     v10 = icmp sge v6, v4  ; v6 = 0
#|     brif v10, block1(v5), block2(v6, v5)  ; v5 = 0.0, v6 = 0, v5 = 0.0
#|
#| block2(v8: i64, v9: f64):
#|     v13 = isub.i64 v4, v8
#|     v14 = iconst.i64 0x4000
#|     v15 = umin v13, v14  ; v14 = 0x4000
#|     v16 = iadd v8, v15
#|     jump block3(v8, v9)
#|
#| block3(v11: i64, v12: f64):
#|     v17 = iconst.i64 3
#|     v18 = ishl v11, v17  ; v17 = 3
#|     v19 = iadd.i64 v3, v18
#|     v20 = load.f64 notrap region0 v19
#|     v21 = fadd v12, v20
#|     v22 = iconst.i64 1
#|     v23 = iadd v11, v22  ; v22 = 1
#|     v24 = icmp slt v23, v16
#|     brif v24, block3(v23, v21), block4
#|
#| block4:
#|     v25 = icmp.i64 sge v16, v4
#|     brif v25, block1(v21), block5
#|
#| block5:
#|     v26 = load.i64 notrap readonly v0
#|     v27 = load.i32 notrap v26
#|     brif v27, block6, block2(v16, v21)
#|
#| block1(v7: f64):
#|     v28 = iconst.i32 0
#|     store notrap v7, v2
#|     return v28  ; v28 = 0
#|
#| block6 cold:
#|     call fn0(v0)
#|     v29 = load.i32 notrap region1 v0+32
#|     brif v29, block7(v29), block2(v16, v21)
#|
#| block7(v30: i32) cold:
#|     return v30
#| }
#|
