# stage: clif
# args: int
def f(n):
    return n if n < 2 else f(n - 1) + f(n - 2)

#| ; f
#| function u0:0(i64, i64, i64) -> i32 system_v {
#|     region0 = 4294967295 ""
#|     sig0 = (i64, i64) -> i32, i64 system_v
#|     sig1 = (i64) preserve_all
#|     fn0 = colocated u0:0 sig0
#|     fn1 = u1:0 sig1
#|
#| block0(v0: i64, v1: i64, v2: i64):
#|     v3 = load.i64 notrap readonly v1
#|     v4 = iconst.i64 2
#|     v5 = icmp slt v3, v4  ; v4 = 2
#|     brif v5, block1(v3), block2
#|
#| block2:
#|     v7 = iconst.i64 -1
#|     v8 = iadd.i64 v3, v7  ; v7 = -1
#|     v9 = get_stack_pointer.i64
#|     v10 = load.i64 notrap readonly v0+16
#|     v11 = icmp ult v9, v10
#|     brif v11, block3, block4
#|
#| block4:
#|     v12 = load.i64 notrap readonly v0
#|     v13 = load.i32 notrap v12
#|     brif v13, block6, block5
#|
#| block5:
#|     v14, v15 = call fn0(v0, v8)
#|     brif v14, block8(v14), block7
#|
#| block7:
#|     v17 = iconst.i64 -2
#|     v18 = iadd.i64 v3, v17  ; v17 = -2
#|     v19, v20 = call fn0(v0, v18)
#|     brif v19, block10(v19), block9
#|
#| block9:
#|     v22, v23 = sadd_overflow.i64 v15, v20
#|     v24 = iconst.i8 0
#|     v25 = icmp eq v23, v24  ; v24 = 0
#|     brif v23, block12, block11
#|
#| block11:
#|     jump block1(v22)
#|
#| block1(v6: i64):
#|     v26 = iconst.i32 0
#|     store notrap v6, v2
#|     return v26  ; v26 = 0
#|
#| block3 cold:
#|     v27 = iconst.i32 0
#|     store notrap region0 v27, v0+24  ; v27 = 0
#|     v28 = iconst.i32 1
#|     jump block13(v28)  ; v28 = 1
#|
#| block6 cold:
#|     call fn1(v0)
#|     v30 = load.i32 notrap region0 v0+32
#|     brif v30, block13(v30), block5
#|
#| block8(v16: i32) cold:
#|     v33 = iconst.i32 2
#|     jump block14(v16, v33)  ; v33 = 2
#|
#| block10(v21: i32) cold:
#|     v34 = iconst.i32 4
#|     jump block14(v21, v34)  ; v34 = 4
#|
#| block12 cold:
#|     v35 = iconst.i32 5
#|     store notrap region0 v35, v0+24  ; v35 = 5
#|     v36 = iconst.i32 2
#|     jump block13(v36)  ; v36 = 2
#|
#| block14(v31: i32, v32: i32) cold:
#|     v37 = load.i32 notrap region0 v0+28
#|     v38 = iconst.i32 64
#|     v39 = icmp ult v37, v38  ; v38 = 64
#|     brif v39, block15, block13(v31)
#|
#| block15 cold:
#|     v40 = uextend.i64 v37
#|     v41 = iconst.i64 2
#|     v42 = ishl v40, v41  ; v41 = 2
#|     v43 = iadd.i64 v0, v42
#|     store.i32 notrap region0 v32, v43+160
#|     v44 = iconst.i32 1
#|     v45 = iadd.i32 v37, v44  ; v44 = 1
#|     store notrap region0 v45, v0+28
#|     jump block13(v31)
#|
#| block13(v29: i32) cold:
#|     return v29
#| }
#|
#| ; f
#| function u0:0(i64, i64) -> i32, i64 system_v {
#|     region0 = 4294967295 ""
#|     sig0 = (i64, i64) -> i32, i64 system_v
#|     sig1 = (i64) preserve_all
#|     fn0 = colocated u0:0 sig0
#|     fn1 = u1:0 sig1
#|
#| block0(v0: i64, v1: i64):
#|     v2 = iconst.i64 2
#|     v3 = icmp slt v1, v2  ; v2 = 2
#|     brif v3, block1(v1), block2
#|
#| block2:
#|     v5 = iconst.i64 -1
#|     v6 = iadd.i64 v1, v5  ; v5 = -1
#|     v7 = get_stack_pointer.i64
#|     v8 = load.i64 notrap readonly v0+16
#|     v9 = icmp ult v7, v8
#|     brif v9, block3, block4
#|
#| block4:
#|     v10 = load.i64 notrap readonly v0
#|     v11 = load.i32 notrap v10
#|     brif v11, block6, block5
#|
#| block5:
#|     v12, v13 = call fn0(v0, v6)
#|     brif v12, block8(v12), block7
#|
#| block7:
#|     v15 = iconst.i64 -2
#|     v16 = iadd.i64 v1, v15  ; v15 = -2
#|     v17, v18 = call fn0(v0, v16)
#|     brif v17, block10(v17), block9
#|
#| block9:
#|     v20, v21 = sadd_overflow.i64 v13, v18
#|     v22 = iconst.i8 0
#|     v23 = icmp eq v21, v22  ; v22 = 0
#|     brif v21, block12, block11
#|
#| block11:
#|     jump block1(v20)
#|
#| block1(v4: i64):
#|     v24 = iconst.i32 0
#|     return v24, v4  ; v24 = 0
#|
#| block3 cold:
#|     v25 = iconst.i32 0
#|     store notrap region0 v25, v0+24  ; v25 = 0
#|     v26 = iconst.i32 1
#|     jump block13(v26)  ; v26 = 1
#|
#| block6 cold:
#|     call fn1(v0)
#|     v28 = load.i32 notrap region0 v0+32
#|     brif v28, block13(v28), block5
#|
#| block8(v14: i32) cold:
#|     v31 = iconst.i32 2
#|     jump block14(v14, v31)  ; v31 = 2
#|
#| block10(v19: i32) cold:
#|     v32 = iconst.i32 4
#|     jump block14(v19, v32)  ; v32 = 4
#|
#| block12 cold:
#|     v33 = iconst.i32 5
#|     store notrap region0 v33, v0+24  ; v33 = 5
#|     v34 = iconst.i32 2
#|     jump block13(v34)  ; v34 = 2
#|
#| block14(v29: i32, v30: i32) cold:
#|     v35 = load.i32 notrap region0 v0+28
#|     v36 = iconst.i32 64
#|     v37 = icmp ult v35, v36  ; v36 = 64
#|     brif v37, block15, block13(v29)
#|
#| block15 cold:
#|     v38 = uextend.i64 v35
#|     v39 = iconst.i64 2
#|     v40 = ishl v38, v39  ; v39 = 2
#|     v41 = iadd.i64 v0, v40
#|     store.i32 notrap region0 v30, v41+160
#|     v42 = iconst.i32 1
#|     v43 = iadd.i32 v35, v42  ; v42 = 1
#|     store notrap region0 v43, v0+28
#|     jump block13(v29)
#|
#| block13(v27: i32) cold:
#|     v44 = iconst.i64 0
#|     return v27, v44  ; v44 = 0
#| }
#|
