# stage: clif
# args: int
def f(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps

#| ; f
#| function u0:0(i64, i64, i64) -> i32 system_v {
#|     region0 = 4294967295 ""
#|     sig0 = (i64) preserve_all
#|     fn0 = u1:0 sig0
#|
#| block0(v0: i64, v1: i64, v2: i64):
#|     v3 = load.i64 notrap readonly v1
#|     v5 = iconst.i64 0
#|     v6 = icmp eq v0, v5  ; v5 = 0
#|     v7 = iconst.i32 0
#|     brif v6, block1(v7), block2  ; v7 = 0
#|
#| block2:
#|     v8 = iconst.i64 0
#|     v10 = iconst.i64 1
#|     v11 = iconst.i64 3
#|     v12 = iconst.i64 0x7fff_ffff_ffff_ffff
#|     v13 = iconst.i64 1
#|     v14 = iconst.i64 0
#|     v15 = select v0, v13, v14  ; v13 = 1, v14 = 0
#|     v19 = isub v12, v8  ; v12 = 0x7fff_ffff_ffff_ffff, v8 = 0
#|     v20 = iconst.i64 0x4000
#|     v21 = umin v19, v20  ; v20 = 0x4000
#|     v22 = iadd v8, v21  ; v8 = 0
#|     jump block5(v8, v3, v22)  ; v8 = 0
#|
#| block5(v17: i64, v18: i64, v25: i64):
#|     jump block6(v17, v18)
#|
#| block6(v23: i64, v24: i64):
#|     v26 = icmp ne v24, v10  ; v10 = 1
#|     v27 = icmp eq v24, v10  ; v10 = 1
#|     brif v27, block3(v23), block7
#|
#| block7:
#|     v28 = band.i64 v24, v10  ; v10 = 1
#|     v29 = icmp eq v28, v8  ; v8 = 0
#|     v30 = sshr.i64 v24, v10  ; v10 = 1
#|     v31 = iconst.i64 3
#|     v32 = iconst.i64 1
#|     v33 = ishl.i64 v24, v32  ; v32 = 1
#|     v34 = iadd.i64 v24, v33
#|     v35 = iconst.i64 0x2aaa_aaaa_aaaa_aaaa
#|     v36 = iadd.i64 v24, v35  ; v35 = 0x2aaa_aaaa_aaaa_aaaa
#|     v37 = iconst.i64 0x5555_5555_5555_5554
#|     v38 = icmp ugt v36, v37  ; v37 = 0x5555_5555_5555_5554
#|     v39 = iconst.i8 0
#|     v40 = icmp eq v38, v39  ; v39 = 0
#|     v41 = bor v40, v29
#|     brif v38, block10, block8
#|
#| block10 cold:
#|     v42 = icmp.i64 ne v28, v8  ; v8 = 0
#|     brif v42, block9, block8
#|
#| block8:
#|     v43 = iadd.i64 v34, v15
#|     v44 = iconst.i64 63
#|     v45 = ishl.i64 v24, v44  ; v44 = 63
#|     v46 = iconst.i64 0
#|     v47 = icmp ne v45, v46  ; v46 = 0
#|     v48 = select v47, v43, v30
#|     v49 = iconst.i64 1
#|     v50 = iadd.i64 v23, v49  ; v49 = 1
#|     v51 = icmp slt v50, v25
#|     brif v51, block6(v50, v48), block11
#|
#| block11:
#|     v52 = icmp.i64 sge v25, v12  ; v12 = 0x7fff_ffff_ffff_ffff
#|     brif v52, block4(v48), block12
#|
#| block12:
#|     v53 = isub.i64 v12, v25  ; v12 = 0x7fff_ffff_ffff_ffff
#|     v54 = iconst.i64 0x4000
#|     v55 = umin v53, v54  ; v54 = 0x4000
#|     v56 = iadd.i64 v25, v55
#|     v57 = load.i64 notrap readonly v0
#|     v58 = load.i32 notrap v57
#|     brif v58, block13, block5(v25, v48, v56)
#|
#| block4(v16: i64):
#|     trap user1
#|
#| block3(v9: i64):
#|     v59 = iconst.i32 0
#|     store notrap v9, v2
#|     return v59  ; v59 = 0
#|
#| block9 cold:
#|     v60 = iconst.i32 0
#|     store notrap region0 v60, v0+24  ; v60 = 0
#|     v61 = iconst.i32 2
#|     brif.i64 v0, block1(v61), block8  ; v61 = 2
#|
#| block13 cold:
#|     call fn0(v0)
#|     v62 = load.i32 notrap region0 v0+32
#|     brif v62, block1(v62), block5(v25, v48, v56)
#|
#| block1(v4: i32) cold:
#|     return v4
#| }
#|
