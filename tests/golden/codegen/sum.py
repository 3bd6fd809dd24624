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
#|     v10 = isub v4, v6  ; v6 = 0
#|     v11 = iconst.i64 0x4000
#|     v12 = umin v10, v11  ; v11 = 0x4000
#|     v13 = iadd v6, v12  ; v6 = 0
#|     v14 = icmp sge v6, v4  ; v6 = 0
#|     brif v14, block1(v5), block2(v6, v5, v13)  ; v5 = 0.0, v6 = 0, v5 = 0.0
#|
#| block2(v8: i64, v9: f64, v15: i64):
#|     jump block3(v8, v9)
#|
#| block3(v16: i64, v17: f64):
#|     v18 = iconst.i64 3
#|     v19 = ishl v16, v18  ; v18 = 3
#|     v20 = iadd.i64 v3, v19
#|     v21 = load.f64 notrap region0 v20
#|     v22 = fadd v17, v21
#|     v23 = iconst.i64 1
#|     v24 = iadd v16, v23  ; v23 = 1
#|     v25 = icmp slt v24, v15
#|     brif v25, block3(v24, v22), block4
#|
#| block4:
#|     v26 = icmp.i64 sge v15, v4
#|     brif v26, block1(v22), block5
#|
#| block5:
#|     v27 = isub.i64 v4, v15
#|     v28 = iconst.i64 0x4000
#|     v29 = umin v27, v28  ; v28 = 0x4000
#|     v30 = iadd.i64 v15, v29
#|     v31 = load.i64 notrap readonly v0
#|     v32 = load.i32 notrap v31
#|     brif v32, block6, block2(v15, v22, v30)
#|
#| block1(v7: f64):
#|     v33 = iconst.i32 0
#|     store notrap v7, v2
#|     return v33  ; v33 = 0
#|
#| block6 cold:
#|     call fn0(v0)
#|     v34 = load.i32 notrap region1 v0+32
#|     brif v34, block7(v34), block2(v15, v22, v30)
#|
#| block7(v35: i32) cold:
#|     return v35
#| }
#|
