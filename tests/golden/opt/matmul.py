# stage: mir
# args: float64[:, ::1], float64[:, ::1], float64[:, ::1]
def f(a, b, c):
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            s = 0.0
            for k in range(a.shape[1]):
                s += a[i, k] * b[k, j]
            c[i, j] = s

#| fn0 f(v0: ptr, v1: ptr, v2: i64, v3: i64, v4: i64, v5: i64, v6: ptr, v7: ptr, v8: i64, v9: i64, v10: i64, v11: i64, v12: ptr, v13: ptr, v14: i64, v15: i64, v16: i64, v17: i64) -> () source 0 {
#|   v18: i64 = iconst 0
#|   v24: f64 = fconst 0.0 (0x0)
#|   v74: bool = cmp.sle v3, v8
#|   v75: bool = cmp.sle v2, v14
#|   v76: bool = cmp.sle v9, v15
#|   v77: bool = band v74, v75
#|   v78: bool = band v76, v77
#|   if v78 { r7
#|     for i3 v20 in v18..v2 { r1
#|       v39: i64 = imul v20, v4
#|       v40: ptr = ptr_add v1, v39
#|       v68: i64 = imul v20, v16
#|       v69: ptr = ptr_add v13, v68
#|       v106: i64 = iconst 2
#|       v107: i64 = smax v9, v18
#|       v109: i64 = sshr v107, v106
#|       v110: i64 = smax v109, v18
#|       v112: i64 = bitcast v69
#|       v114: i64 = iconst 8
#|       v115: i64 = iadd v112, v114
#|       v117: i64 = iconst 1
#|       v249: i64 = iconst -1
#|       v120: i64 = iadd v9, v249
#|       v121: i64 = imul v120, v114
#|       v123: i64 = smin v121, v18
#|       v124: i64 = smax v121, v18
#|       v126: i64 = iadd v112, v123
#|       v128: i64 = iadd v115, v124
#|       v130: i64 = bitcast v40
#|       v133: i64 = iadd v130, v114
#|       v138: i64 = iadd v3, v249
#|       v139: i64 = imul v138, v114
#|       v141: i64 = smin v139, v18
#|       v142: i64 = smax v139, v18
#|       v144: i64 = iadd v130, v141
#|       v146: i64 = iadd v133, v142
#|       v147: bool = cmp.ule v128, v144
#|       v148: bool = cmp.ule v146, v126
#|       v149: bool = bor v147, v148
#|       v150: i64 = select v149, v110, v18
#|       v170: i64 = bitcast v7
#|       v173: i64 = iadd v170, v114
#|       v180: i64 = imul v138, v10
#|       v182: i64 = smin v180, v18
#|       v183: i64 = smax v180, v18
#|       v185: i64 = iadd v170, v182
#|       v187: i64 = iadd v173, v183
#|       v196: i64 = iadd v185, v123
#|       v198: i64 = iadd v187, v124
#|       v199: bool = cmp.ule v128, v196
#|       v200: bool = cmp.ule v198, v126
#|       v201: bool = bor v199, v200
#|       v202: i64 = select v201, v150, v18
#|       v203: i64 = ishl v202, v106
#|       for i235 v205 in v18..v202 { r9
#|         v206: i64 = ishl v205, v106
#|         v209: i64 = iadd v206, v117
#|         v211: i64 = iadd v206, v106
#|         v212: i64 = iconst 3
#|         v213: i64 = iadd v206, v212
#|         v243: f64, v244: f64, v245: f64, v246: f64 = for i230 v214 in v18..v3 (v215: f64 = v24, v216: f64 = v24, v217: f64 = v24, v218: f64 = v24) { r10
#|           v219: f64 = load mem0[v40 + v214*8]
#|           v220: i64 = imul v214, v10
#|           v221: ptr = ptr_add v7, v220
#|           v222: f64 = load mem0[v221 + v206*8]
#|           v223: f64 = fmul v219, v222
#|           v224: f64 = fadd v215, v223
#|           v228: f64 = load mem0[v221 + v206*8 + 8]
#|           v229: f64 = fmul v219, v228
#|           v230: f64 = fadd v216, v229
#|           v234: f64 = load mem0[v221 + v206*8 + 16]
#|           v235: f64 = fmul v219, v234
#|           v236: f64 = fadd v217, v235
#|           v240: f64 = load mem0[v221 + v206*8 + 24]
#|           v241: f64 = fmul v219, v240
#|           v242: f64 = fadd v218, v241
#|           yield v224, v230, v236, v242
#|         }
#|         store mem0[v69 + v206*8] = v243
#|         store mem0[v69 + v206*8 + 8] = v244
#|         store mem0[v69 + v206*8 + 16] = v245
#|         store mem0[v69 + v206*8 + 24] = v246
#|         yield
#|       }
#|       for i7 v23 in v203..v9 { r2
#|         v57: f64 = for i12 v27 in v18..v3 (v28: f64 = v24) { r3
#|           v41: f64 = load mem0[v40 + v27*8]
#|           v52: i64 = imul v27, v10
#|           v53: ptr = ptr_add v7, v52
#|           v54: f64 = load mem0[v53 + v23*8]
#|           v55: f64 = fmul v41, v54
#|           v56: f64 = fadd v28, v55
#|           yield v56
#|         }
#|         store mem0[v69 + v23*8] = v57
#|         yield
#|       }
#|       yield
#|     }
#|     yield
#|   } else rare { r8
#|     for i69 v79 in v18..v2 { r4
#|       v83: i64 = imul v79, v4
#|       v84: ptr = ptr_add v1, v83
#|       v86: bool = cmp.ult v79, v14
#|       v87: i64 = imul v79, v16
#|       v88: ptr = ptr_add v13, v87
#|       for i79 v89 in v18..v9 { r5
#|         v102: f64 = for i81 v91 in v18..v3 (v92: f64 = v24) { r6
#|           v94: f64 = load mem0[v84 + v91*8]
#|           v96: bool = cmp.ult v91, v8
#|           guard v96 else raise site2(v91, v8)
#|           v97: i64 = imul v91, v10
#|           v98: ptr = ptr_add v7, v97
#|           v99: f64 = load mem0[v98 + v89*8]
#|           v100: f64 = fmul v94, v99
#|           v101: f64 = fadd v92, v100
#|           yield v101
#|         }
#|         guard v86 else raise site4(v79, v14)
#|         v104: bool = cmp.ult v89, v15
#|         guard v104 else raise site5(v89, v15)
#|         store mem0[v88 + v89*8] = v102
#|         yield
#|       }
#|       yield
#|     }
#|     yield
#|   }
#|   return
#| }
#| site0: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:5
#| site1: Index[Text("index {0} is out of bounds for axis 1 with size {1}", [Int, Int])] at 0:5
#| site2: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:5
#| site3: Index[Text("index {0} is out of bounds for axis 1 with size {1}", [Int, Int])] at 0:5
#| site4: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:6
#| site5: Index[Text("index {0} is out of bounds for axis 1 with size {1}", [Int, Int])] at 0:6
