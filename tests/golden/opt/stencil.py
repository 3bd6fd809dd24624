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
#|   v48: bool = cmp.sle v9, v6
#|   if v48 { r3
#|     v60: i64 = isub v9, v8
#|     v61: i64 = iconst -4
#|     v62: i64 = iadd v60, v61
#|     v63: i64 = iconst 1099511627776
#|     v64: bool = cmp.ult v62, v63
#|     v65: i64 = bitcast v1
#|     v66: i64 = ineg v65
#|     v67: i64 = bitcast v5
#|     v68: i64 = iadd v66, v67
#|     v69: i64 = iconst 7
#|     v70: i64 = iadd v68, v69
#|     v71: i64 = iconst 8
#|     v72: i64 = imul v60, v71
#|     v73: i64 = iconst 15
#|     v74: i64 = iadd v72, v73
#|     v75: bool = cmp.uge v70, v74
#|     v76: bool = band v64, v75
#|     if v76 { r6
#|       for i80 v77 in v8..v9 vector { r5
#|         v78: f64 = load mem0[v1 + v77*8 - 8]
#|         v79: f64 = load mem0[v1 + v77*8 + 8]
#|         v80: f64 = fadd v78, v79
#|         v81: f64 = fmul v15, v80
#|         store mem0[v5 + v77*8] = v81
#|         yield
#|       }
#|       yield
#|     } else rare { r7
#|       for i7 v14 in v8..v9 { r1
#|         v25: f64 = load mem0[v1 + v14*8 - 8]
#|         v35: f64 = load mem0[v1 + v14*8 + 8]
#|         v36: f64 = fadd v25, v35
#|         v37: f64 = fmul v15, v36
#|         store mem0[v5 + v14*8] = v37
#|         yield
#|       }
#|       yield
#|     }
#|     yield
#|   } else rare { r4
#|     for i49 v49 in v8..v9 { r2
#|       v52: f64 = load mem0[v1 + v49*8 - 8]
#|       v55: f64 = load mem0[v1 + v49*8 + 8]
#|       v56: f64 = fadd v52, v55
#|       v57: f64 = fmul v15, v56
#|       v59: bool = cmp.ult v49, v6
#|       guard v59 else raise site5(v49, v6)
#|       store mem0[v5 + v49*8] = v57
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
