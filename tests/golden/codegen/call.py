# stage: clif
# args: int
def f(n):
    return n if n < 2 else f(n - 1) + f(n - 2)

#| ; f
#| function u0:0(i64, i64, i64) -> i32 system_v {
#|     sig0 = (i64, i64) -> i32, i64 system_v
#|     fn0 = colocated u0:0 sig0
#|
#| block0(v0: i64, v1: i64, v2: i64):
#|     v3 = load.i64 notrap readonly v1
#|     v4, v5 = call fn0(v0, v3)
#|     store notrap v5, v2
#|     return v4
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
#|     v7 = icmp slt v6, v2  ; v2 = 2
#|     v8 = get_stack_pointer.i64
#|     v9 = load.i64 notrap readonly v0+16
#|     v10 = icmp ult v8, v9
#|     brif v10, block3, block4
#|
#| block4:
#|     v11 = load.i64 notrap readonly v0
#|     v12 = load.i32 notrap v11
#|     brif v12, block6, block5
#|
#| block5:
#|     brif.i8 v7, block7(v6), block8
#|
#| block8:
#|     v14 = iconst.i64 -2
#|     v15 = iadd.i64 v1, v14  ; v14 = -2
#|     v16, v17 = call fn0(v0, v15)
#|     brif v16, block10(v16), block9
#|
#| block9:
#|     v19 = iconst.i64 -3
#|     v20 = iadd.i64 v1, v19  ; v19 = -3
#|     v21, v22 = call fn0(v0, v20)
#|     brif v21, block12(v21), block11
#|
#| block11:
#|     v24, v25 = sadd_overflow.i64 v17, v22
#|     v26 = iconst.i8 0
#|     v27 = icmp eq v25, v26  ; v26 = 0
#|     brif v25, block14, block13
#|
#| block13:
#|     jump block7(v24)
#|
#| block7(v13: i64):
#|     v28 = iconst.i64 -2
#|     v29 = iadd.i64 v1, v28  ; v28 = -2
#|     v30 = icmp slt v29, v2  ; v2 = 2
#|     brif v30, block15(v29), block16
#|
#| block16:
#|     v32 = iconst.i64 -3
#|     v33 = iadd.i64 v1, v32  ; v32 = -3
#|     v34, v35 = call fn0(v0, v33)
#|     brif v34, block18(v34), block17
#|
#| block17:
#|     v37 = iconst.i64 -4
#|     v38 = iadd.i64 v1, v37  ; v37 = -4
#|     v39, v40 = call fn0(v0, v38)
#|     brif v39, block20(v39), block19
#|
#| block19:
#|     v42, v43 = sadd_overflow.i64 v35, v40
#|     v44 = iconst.i8 0
#|     v45 = icmp eq v43, v44  ; v44 = 0
#|     brif v43, block22, block21
#|
#| block21:
#|     jump block15(v42)
#|
#| block15(v31: i64):
#|     v46, v47 = sadd_overflow.i64 v13, v31
#|     v48 = iconst.i8 0
#|     v49 = icmp eq v47, v48  ; v48 = 0
#|     brif v47, block24, block23
#|
#| block23:
#|     jump block1(v46)
#|
#| block1(v4: i64):
#|     v50 = iconst.i32 0
#|     return v50, v4  ; v50 = 0
#|
#| block3 cold:
#|     v51 = iconst.i32 0
#|     store notrap region0 v51, v0+24  ; v51 = 0
#|     v52 = iconst.i32 1
#|     jump block25(v52)  ; v52 = 1
#|
#| block6 cold:
#|     call fn1(v0)
#|     v54 = load.i32 notrap region0 v0+32
#|     brif v54, block25(v54), block5
#|
#| block10(v18: i32) cold:
#|     v57 = iconst.i32 7
#|     jump block26(v18, v57)  ; v57 = 7
#|
#| block12(v23: i32) cold:
#|     v58 = iconst.i32 9
#|     jump block26(v23, v58)  ; v58 = 9
#|
#| block14 cold:
#|     v59 = iconst.i32 10
#|     store notrap region0 v59, v0+24  ; v59 = 10
#|     v60 = iconst.i32 2
#|     jump block25(v60)  ; v60 = 2
#|
#| block18(v36: i32) cold:
#|     v61 = iconst.i32 12
#|     jump block26(v36, v61)  ; v61 = 12
#|
#| block20(v41: i32) cold:
#|     v62 = iconst.i32 14
#|     jump block26(v41, v62)  ; v62 = 14
#|
#| block22 cold:
#|     v63 = iconst.i32 15
#|     store notrap region0 v63, v0+24  ; v63 = 15
#|     v64 = iconst.i32 2
#|     jump block25(v64)  ; v64 = 2
#|
#| block24 cold:
#|     v65 = iconst.i32 5
#|     store notrap region0 v65, v0+24  ; v65 = 5
#|     v66 = iconst.i32 2
#|     jump block25(v66)  ; v66 = 2
#|
#| block26(v55: i32, v56: i32) cold:
#|     v67 = load.i32 notrap region0 v0+28
#|     v68 = iconst.i32 64
#|     v69 = icmp ult v67, v68  ; v68 = 64
#|     brif v69, block27, block25(v55)
#|
#| block27 cold:
#|     v70 = uextend.i64 v67
#|     v71 = iconst.i64 2
#|     v72 = ishl v70, v71  ; v71 = 2
#|     v73 = iadd.i64 v0, v72
#|     store.i32 notrap region0 v56, v73+160
#|     v74 = iconst.i32 1
#|     v75 = iadd.i32 v67, v74  ; v74 = 1
#|     store notrap region0 v75, v0+28
#|     jump block25(v55)
#|
#| block25(v53: i32) cold:
#|     v76 = iconst.i64 0
#|     return v53, v76  ; v76 = 0
#| }
#|
