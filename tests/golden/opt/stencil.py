# stage: mir
# args: float64[::1], float64[::1]
def f(a, b):
    for i in range(1, len(a) - 1):
        b[i] = 0.5 * (a[i - 1] + a[i + 1])

#| fn0 f(v0: ptr, v1: ptr, v2: i64, v3: i64, v4: ptr, v5: ptr, v6: i64, v7: i64) -> () source 0 {
#|   v8: i64 = iconst 1
#|   v43: i64 = iconst -1
#|   v9: i64 = iadd v2, v43
#|   v15: f64 = fconst 0.5 (0x3fe0000000000000)
#|   v49: i64 = iadd v6, v8
#|   v52: bool = cmp.sle v2, v49
#|   if v52 { r3
#|     v68: i64 = isub v9, v8
#|     v69: i64 = iconst 4
#|     v70: bool = cmp.sge v68, v69
#|     v71: bool = cmp.slt v8, v9
#|     v72: bool = band v70, v71
#|     v73: i64 = iconst 8
#|     v74: i64 = imul v8, v73
#|     v75: i64 = imul v68, v73
#|     v76: i64 = bitcast v1
#|     v77: i64 = iadd v76, v74
#|     v78: i64 = iconst 16
#|     v79: i64 = iadd v75, v78
#|     v80: i64 = iconst -8
#|     v81: i64 = iadd v77, v80
#|     v82: i64 = bitcast v5
#|     v83: i64 = iadd v82, v74
#|     v84: i64 = isub v81, v83
#|     v85: i64 = isub v83, v81
#|     v86: bool = cmp.uge v84, v75
#|     v87: bool = cmp.uge v85, v79
#|     v88: bool = band v86, v87
#|     v89: bool = band v72, v88
#|     if v89 { r6
#|       for i7 v14 in v8..v9 vector 2 { r1
#|         v25: f64 = load mem0[v1 + v14*8 - 8]
#|         v35: f64 = load mem0[v1 + v14*8 + 8]
#|         v36: f64 = fadd v25, v35
#|         v37: f64 = fmul v15, v36
#|         store mem0[v5 + v14*8] = v37
#|         yield
#|       }
#|       yield
#|     } else rare { r7
#|       for i95 v90 in v8..v9 { r5
#|         v91: f64 = load mem0[v1 + v90*8 - 8]
#|         v92: f64 = load mem0[v1 + v90*8 + 8]
#|         v93: f64 = fadd v91, v92
#|         v94: f64 = fmul v15, v93
#|         store mem0[v5 + v90*8] = v94
#|         yield
#|       }
#|       yield
#|     }
#|     yield
#|   } else rare { r4
#|     for i53 v54 in v8..v9 { r2
#|       v58: f64 = load mem0[v1 + v54*8 - 8]
#|       v62: f64 = load mem0[v1 + v54*8 + 8]
#|       v63: f64 = fadd v58, v62
#|       v64: f64 = fmul v15, v63
#|       v66: bool = cmp.ult v54, v6
#|       guard v66 else raise site5(v54, v6)
#|       store mem0[v5 + v54*8] = v64
#|       yield
#|     }
#|     yield
#|   }
#|   return
#| }
#| site0: Overflow[Text("integer overflow: the result of `len(a) - 1` does not fit in 64 bits (after an array was changed or something was printed, the call cannot start again in the interpreter)", [])] at 0:1
#| site1: Overflow[Text("integer overflow: the result of `i - 1` does not fit in 64 bits (after an array was changed or something was printed, the call cannot start again in the interpreter)", [])] at 0:2
#| site2: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:2
#| site3: Overflow[Text("integer overflow: the result of `i + 1` does not fit in 64 bits (after an array was changed or something was printed, the call cannot start again in the interpreter)", [])] at 0:2
#| site4: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:2
#| site5: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:2
