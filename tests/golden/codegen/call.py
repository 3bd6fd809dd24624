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
#|     v16 = icmp slt v15, v2  ; v2 = 2
#|     brif v16, block9(v15), block10
#|
#| block10:
#|     v18 = iconst.i64 -3
#|     v19 = iadd.i64 v1, v18  ; v18 = -3
#|     v20, v21 = call fn0(v0, v19)
#|     brif v20, block12(v20), block11
#|
#| block11:
#|     v23 = iconst.i64 -4
#|     v24 = iadd.i64 v1, v23  ; v23 = -4
#|     v25, v26 = call fn0(v0, v24)
#|     brif v25, block14(v25), block13
#|
#| block13:
#|     v28, v29 = sadd_overflow.i64 v21, v26
#|     v30 = iconst.i8 0
#|     v31 = icmp eq v29, v30  ; v30 = 0
#|     brif v29, block16, block15
#|
#| block15:
#|     jump block9(v28)
#|
#| block9(v17: i64):
#|     v32 = iconst.i64 -3
#|     v33 = iadd.i64 v1, v32  ; v32 = -3
#|     v34 = icmp slt v33, v2  ; v2 = 2
#|     brif v34, block17(v33), block18
#|
#| block18:
#|     v36 = iconst.i64 -4
#|     v37 = iadd.i64 v1, v36  ; v36 = -4
#|     v38, v39 = call fn0(v0, v37)
#|     brif v38, block20(v38), block19
#|
#| block19:
#|     v41 = iconst.i64 -5
#|     v42 = iadd.i64 v1, v41  ; v41 = -5
#|     v43, v44 = call fn0(v0, v42)
#|     brif v43, block22(v43), block21
#|
#| block21:
#|     v46, v47 = sadd_overflow.i64 v39, v44
#|     v48 = iconst.i8 0
#|     v49 = icmp eq v47, v48  ; v48 = 0
#|     brif v47, block24, block23
#|
#| block23:
#|     jump block17(v46)
#|
#| block17(v35: i64):
#|     v50, v51 = sadd_overflow.i64 v17, v35
#|     v52 = iconst.i8 0
#|     v53 = icmp eq v51, v52  ; v52 = 0
#|     brif v51, block26, block25
#|
#| block25:
#|     jump block7(v50)
#|
#| block7(v13: i64):
#|     v54 = iconst.i64 -2
#|     v55 = iadd.i64 v1, v54  ; v54 = -2
#|     v56 = icmp slt v55, v2  ; v2 = 2
#|     brif v56, block27(v55), block28
#|
#| block28:
#|     v58 = iconst.i64 -3
#|     v59 = iadd.i64 v1, v58  ; v58 = -3
#|     v60 = icmp slt v59, v2  ; v2 = 2
#|     brif v60, block29(v59), block30
#|
#| block30:
#|     v62 = iconst.i64 -4
#|     v63 = iadd.i64 v1, v62  ; v62 = -4
#|     v64, v65 = call fn0(v0, v63)
#|     brif v64, block32(v64), block31
#|
#| block31:
#|     v67 = iconst.i64 -5
#|     v68 = iadd.i64 v1, v67  ; v67 = -5
#|     v69, v70 = call fn0(v0, v68)
#|     brif v69, block34(v69), block33
#|
#| block33:
#|     v72, v73 = sadd_overflow.i64 v65, v70
#|     v74 = iconst.i8 0
#|     v75 = icmp eq v73, v74  ; v74 = 0
#|     brif v73, block36, block35
#|
#| block35:
#|     jump block29(v72)
#|
#| block29(v61: i64):
#|     v76 = iconst.i64 -4
#|     v77 = iadd.i64 v1, v76  ; v76 = -4
#|     v78 = icmp slt v77, v2  ; v2 = 2
#|     brif v78, block37(v77), block38
#|
#| block38:
#|     v80 = iconst.i64 -5
#|     v81 = iadd.i64 v1, v80  ; v80 = -5
#|     v82, v83 = call fn0(v0, v81)
#|     brif v82, block40(v82), block39
#|
#| block39:
#|     v85 = iconst.i64 -6
#|     v86 = iadd.i64 v1, v85  ; v85 = -6
#|     v87, v88 = call fn0(v0, v86)
#|     brif v87, block42(v87), block41
#|
#| block41:
#|     v90, v91 = sadd_overflow.i64 v83, v88
#|     v92 = iconst.i8 0
#|     v93 = icmp eq v91, v92  ; v92 = 0
#|     brif v91, block44, block43
#|
#| block43:
#|     jump block37(v90)
#|
#| block37(v79: i64):
#|     v94, v95 = sadd_overflow.i64 v61, v79
#|     v96 = iconst.i8 0
#|     v97 = icmp eq v95, v96  ; v96 = 0
#|     brif v95, block46, block45
#|
#| block45:
#|     jump block27(v94)
#|
#| block27(v57: i64):
#|     v98, v99 = sadd_overflow.i64 v13, v57
#|     v100 = iconst.i8 0
#|     v101 = icmp eq v99, v100  ; v100 = 0
#|     brif v99, block48, block47
#|
#| block47:
#|     jump block1(v98)
#|
#| block1(v4: i64):
#|     v102 = iconst.i32 0
#|     return v102, v4  ; v102 = 0
#|
#| block3 cold:
#|     v103 = iconst.i32 0
#|     store notrap region0 v103, v0+24  ; v103 = 0
#|     v104 = iconst.i32 1
#|     jump block49(v104)  ; v104 = 1
#|
#| block6 cold:
#|     call fn1(v0)
#|     v106 = load.i32 notrap region0 v0+32
#|     brif v106, block49(v106), block5
#|
#| block12(v22: i32) cold:
#|     v109 = iconst.i32 17
#|     jump block50(v22, v109)  ; v109 = 17
#|
#| block14(v27: i32) cold:
#|     v110 = iconst.i32 19
#|     jump block50(v27, v110)  ; v110 = 19
#|
#| block16 cold:
#|     v111 = iconst.i32 20
#|     store notrap region0 v111, v0+24  ; v111 = 20
#|     v112 = iconst.i32 2
#|     jump block49(v112)  ; v112 = 2
#|
#| block20(v40: i32) cold:
#|     v113 = iconst.i32 22
#|     jump block50(v40, v113)  ; v113 = 22
#|
#| block22(v45: i32) cold:
#|     v114 = iconst.i32 24
#|     jump block50(v45, v114)  ; v114 = 24
#|
#| block24 cold:
#|     v115 = iconst.i32 25
#|     store notrap region0 v115, v0+24  ; v115 = 25
#|     v116 = iconst.i32 2
#|     jump block49(v116)  ; v116 = 2
#|
#| block26 cold:
#|     v117 = iconst.i32 10
#|     store notrap region0 v117, v0+24  ; v117 = 10
#|     v118 = iconst.i32 2
#|     jump block49(v118)  ; v118 = 2
#|
#| block32(v66: i32) cold:
#|     v119 = iconst.i32 27
#|     jump block50(v66, v119)  ; v119 = 27
#|
#| block34(v71: i32) cold:
#|     v120 = iconst.i32 29
#|     jump block50(v71, v120)  ; v120 = 29
#|
#| block36 cold:
#|     v121 = iconst.i32 30
#|     store notrap region0 v121, v0+24  ; v121 = 30
#|     v122 = iconst.i32 2
#|     jump block49(v122)  ; v122 = 2
#|
#| block40(v84: i32) cold:
#|     v123 = iconst.i32 32
#|     jump block50(v84, v123)  ; v123 = 32
#|
#| block42(v89: i32) cold:
#|     v124 = iconst.i32 34
#|     jump block50(v89, v124)  ; v124 = 34
#|
#| block44 cold:
#|     v125 = iconst.i32 35
#|     store notrap region0 v125, v0+24  ; v125 = 35
#|     v126 = iconst.i32 2
#|     jump block49(v126)  ; v126 = 2
#|
#| block46 cold:
#|     v127 = iconst.i32 15
#|     store notrap region0 v127, v0+24  ; v127 = 15
#|     v128 = iconst.i32 2
#|     jump block49(v128)  ; v128 = 2
#|
#| block48 cold:
#|     v129 = iconst.i32 5
#|     store notrap region0 v129, v0+24  ; v129 = 5
#|     v130 = iconst.i32 2
#|     jump block49(v130)  ; v130 = 2
#|
#| block50(v107: i32, v108: i32) cold:
#|     v131 = load.i32 notrap region0 v0+28
#|     v132 = iconst.i32 64
#|     v133 = icmp ult v131, v132  ; v132 = 64
#|     brif v133, block51, block49(v107)
#|
#| block51 cold:
#|     v134 = uextend.i64 v131
#|     v135 = iconst.i64 2
#|     v136 = ishl v134, v135  ; v135 = 2
#|     v137 = iadd.i64 v0, v136
#|     store.i32 notrap region0 v108, v137+160
#|     v138 = iconst.i32 1
#|     v139 = iadd.i32 v131, v138  ; v138 = 1
#|     store notrap region0 v139, v0+28
#|     jump block49(v107)
#|
#| block49(v105: i32) cold:
#|     v140 = iconst.i64 0
#|     return v105, v140  ; v140 = 0
#| }
#|
