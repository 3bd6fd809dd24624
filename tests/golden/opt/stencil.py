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
#|   v48: i64 = iconst 1
#|   v49: i64 = iadd v6, v48
#|   v52: bool = cmp.sle v2, v49
#|   if v52 { r3
#|     for i7 v14 in v8..v9 { r1
#|       v17: i64 = iadd v14, v43
#|       v25: f64 = load mem0[v1 + v17*8]
#|       v27: i64 = iadd v14, v8
#|       v35: f64 = load mem0[v1 + v27*8]
#|       v36: f64 = fadd v25, v35
#|       v37: f64 = fmul v15, v36
#|       store mem0[v5 + v14*8] = v37
#|       yield
#|     }
#|     yield
#|   } else { r4
#|     for i53 v54 in v8..v9 { r2
#|       v55: i64 = iadd v54, v43
#|       v58: f64 = load mem0[v1 + v55*8]
#|       v59: i64 = iadd v54, v8
#|       v62: f64 = load mem0[v1 + v59*8]
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
