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
#|     v11 = isub v4, v6  ; v6 = 0
#|     v12 = iconst.i64 0x4000
#|     v13 = umin v11, v12  ; v12 = 0x4000
#|     v14 = iadd v6, v13  ; v6 = 0
#|     v15 = icmp sge v6, v4  ; v6 = 0
#|     brif v15, block1(v5), block2(v6, v5, v14)  ; v5 = 0.0, v6 = 0, v5 = 0.0
#|
#| block2(v8: i64, v9: f64, v16: i64):
#|     jump block4(v8, v9)
#|
#| block4(v17: i64, v18: f64):
#|     v19 = iconst.i64 3
#|     v20 = ishl v17, v19  ; v19 = 3
#|     v21 = iadd.i64 v3, v20
#|     v22 = load.f64 notrap region0 v21
#|     v23 = fadd v18, v22
#|     jump block3(v23)
#|
#| block3(v10: f64):
#|     v24 = iconst.i64 1
#|     v25 = iadd.i64 v17, v24  ; v24 = 1
#|     v26 = icmp slt v25, v16
#|     brif v26, block4(v25, v10), block5
#|
#| block5:
#|     v27 = icmp.i64 sge v16, v4
#|     brif v27, block1(v10), block6
#|
#| block6:
#|     v28 = isub.i64 v4, v16
#|     v29 = iconst.i64 0x4000
#|     v30 = umin v28, v29  ; v29 = 0x4000
#|     v31 = iadd.i64 v16, v30
#|     v32 = load.i64 notrap readonly v0
#|     v33 = load.i32 notrap v32
#|     brif v33, block7, block2(v16, v10, v31)
#|
#| block1(v7: f64):
#|     v34 = iconst.i32 0
#|     store notrap v7, v2
#|     return v34  ; v34 = 0
#|
#| block7 cold:
#|     call fn0(v0)
#|     v35 = load.i32 notrap region1 v0+32
#|     brif v35, block8(v35), block2(v16, v10, v31)
#|
#| block8(v36: i32) cold:
#|     return v36
#| }
#|
