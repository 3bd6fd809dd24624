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
#|   v17: i64 = imul v15, v16
#|   v54: i64 = iconst 1152921504606846975
#|   v19: bool = cmp.sle v15, v54
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
#|     for i28 v29 in v20..v15 vector { r2
#|       v30: f64 = load mem0[v1 + v29*8]
#|       v31: f64 = load mem0[v5 + v29*8]
#|       v32: f64 = fmul v30, v8
#|       v33: f64 = fadd v32, v31
#|       store mem2[v24 + v29*8] = v33
#|       yield
#|     }
#|     yield
#|   } else { r3
#|     v38: i64 = select v10, v20, v16
#|     v43: i64 = select v11, v20, v16
#|     v55: i64 = iconst 0
#|     v56: i64 = isub v15, v20
#|     v57: i64 = iconst 2
#|     v58: i64 = ushr v56, v57
#|     v59: bool = cmp.slt v20, v15
#|     v60: i64 = select v59, v58, v55
#|     v95: i64 = for i95 v61 in v55..v60 (v62: i64 = v20) turn { r5
#|       v63: i64 = imul v62, v38
#|       v64: i64 = imul v62, v43
#|       v65: f64 = load mem0[v1 + v63*1]
#|       v66: f64 = load mem0[v5 + v64*1]
#|       v67: f64 = fmul v65, v8
#|       v68: f64 = fadd v67, v66
#|       store mem2[v24 + v62*8] = v68
#|       v69: i64 = iconst 1
#|       v70: i64 = iadd v62, v69
#|       v71: i64 = iadd v63, v38
#|       v72: i64 = iadd v64, v43
#|       v73: f64 = load mem0[v1 + v71*1]
#|       v74: f64 = load mem0[v5 + v72*1]
#|       v75: f64 = fmul v73, v8
#|       v76: f64 = fadd v75, v74
#|       store mem2[v24 + v62*8 + 8] = v76
#|       v77: i64 = iconst 2
#|       v78: i64 = iadd v62, v77
#|       v79: i64 = iadd v71, v38
#|       v80: i64 = iadd v72, v43
#|       v81: f64 = load mem0[v1 + v79*1]
#|       v82: f64 = load mem0[v5 + v80*1]
#|       v83: f64 = fmul v81, v8
#|       v84: f64 = fadd v83, v82
#|       store mem2[v24 + v62*8 + 16] = v84
#|       v85: i64 = iconst 3
#|       v86: i64 = iadd v62, v85
#|       v87: i64 = iadd v79, v38
#|       v88: i64 = iadd v80, v43
#|       v89: f64 = load mem0[v1 + v87*1]
#|       v90: f64 = load mem0[v5 + v88*1]
#|       v91: f64 = fmul v89, v8
#|       v92: f64 = fadd v91, v90
#|       store mem2[v24 + v62*8 + 24] = v92
#|       v93: i64 = iconst 4
#|       v94: i64 = iadd v62, v93
#|       yield v94
#|     }
#|     for i47 v45 in v95..v15 rest { r4
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
