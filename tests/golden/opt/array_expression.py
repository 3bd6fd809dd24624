# stage: mir
# args: float64[::1], float64[::1], float64
def f(x, y, k):
    return x * k + y

#| fn0 f(v0: ptr, v1: ptr, v2: i64, v3: i64, v4: ptr, v5: ptr, v6: i64, v7: i64, v8: f64) -> (ptr, ptr, i64, i64) source 0 owners 1 {
#|   v9: i64 = iconst 1
#|   v10: bool = cmp.eq v2, v9
#|   v11: bool = cmp.eq v6, v9
#|   v12: bool = cmp.eq v6, v2
#|   v13: bool = bor v10, v11
#|   v14: bool = bor v12, v13
#|   v15: i64 = select v10, v6, v2
#|   guard v14 else raise site0(v2, v6)
#|   v16: i64 = iconst 8
#|   v17: i64, v18: bool = checked.mul v15, v16
#|   v19: bool = bnot v18
#|   guard v19 else raise site1
#|   v20: i64 = iconst 0
#|   v21: ptr = runtime Alloc(v17, v20)
#|   v22: ptr = iconst 0
#|   v23: bool = cmp.ne v21, v22
#|   guard v23 else raise site2(v17)
#|   owner_set own0 = v21
#|   v24: ptr = load mem1[v21 + 16]
#|   v25: bool = cmp.eq v2, v15
#|   v26: bool = cmp.eq v6, v15
#|   v27: bool = band v25, v26
#|   if v27 { r1
#|     v54: i64 = isub v15, v20
#|     v55: i64 = iconst 4
#|     v56: bool = cmp.sge v54, v55
#|     v57: bool = cmp.slt v20, v15
#|     v58: bool = band v56, v57
#|     v59: i64 = iconst 8
#|     v60: i64 = imul v20, v59
#|     v61: i64 = imul v54, v59
#|     v62: i64 = bitcast v1
#|     v63: i64 = iadd v62, v60
#|     v64: i64 = bitcast v5
#|     v65: i64 = iadd v64, v60
#|     v66: i64 = bitcast v24
#|     v67: i64 = iadd v66, v60
#|     v68: i64 = isub v63, v67
#|     v69: i64 = isub v67, v63
#|     v70: bool = cmp.uge v68, v61
#|     v71: bool = cmp.uge v69, v61
#|     v72: bool = band v70, v71
#|     v73: bool = band v58, v72
#|     v74: i64 = isub v65, v67
#|     v75: i64 = isub v67, v65
#|     v76: bool = cmp.uge v74, v61
#|     v77: bool = cmp.uge v75, v61
#|     v78: bool = band v76, v77
#|     v79: bool = band v73, v78
#|     if v79 { r6
#|       for i28 v29 in v20..v15 vector 2 { r2
#|         v30: f64 = load mem0[v1 + v29*8]
#|         v31: f64 = load mem0[v5 + v29*8]
#|         v32: f64 = fmul v30, v8
#|         v33: f64 = fadd v32, v31
#|         store mem2[v24 + v29*8] = v33
#|         yield
#|       }
#|       yield
#|     } else rare { r7
#|       for i77 v80 in v20..v15 { r5
#|         v81: f64 = load mem0[v1 + v80*8]
#|         v82: f64 = load mem0[v5 + v80*8]
#|         v83: f64 = fmul v81, v8
#|         v84: f64 = fadd v83, v82
#|         store mem2[v24 + v80*8] = v84
#|         yield
#|       }
#|       yield
#|     }
#|     yield
#|   } else { r3
#|     v38: i64 = select v10, v20, v16
#|     v43: i64 = select v11, v20, v16
#|     for i47 v45 in v20..v15 { r4
#|       v46: i64 = imul v45, v38
#|       v47: i64 = imul v45, v43
#|       v48: f64 = load mem0[v1 + v46*1]
#|       v49: f64 = load mem0[v5 + v47*1]
#|       v50: f64 = fmul v48, v8
#|       v51: f64 = fadd v50, v49
#|       store mem2[v24 + v45*8] = v51
#|       yield
#|     }
#|     yield
#|   }
#|   v53: ptr = owner_take own0
#|   return v53, v24, v15, v16
#| }
#| site0: Value[Text("operands could not be broadcast together with shapes ({0},) ({1},) ", [Int, Int])] at 0:1
#| site1: Value[Text("array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.", [])] at 0:1
#| site2: Memory[Text("Unable to allocate {0} bytes for an array", [Int])] at 0:1
