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
#|     v54: i64 = iconst 0
#|     v55: i64 = isub v15, v20
#|     v56: i64 = iconst 2
#|     v57: i64 = ushr v55, v56
#|     v58: bool = cmp.slt v20, v15
#|     v59: i64 = select v58, v57, v54
#|     v94: i64 = for i93 v60 in v54..v59 (v61: i64 = v20) turn { r5
#|       v62: i64 = imul v61, v38
#|       v63: i64 = imul v61, v43
#|       v64: f64 = load mem0[v1 + v62*1]
#|       v65: f64 = load mem0[v5 + v63*1]
#|       v66: f64 = fmul v64, v8
#|       v67: f64 = fadd v66, v65
#|       store mem2[v24 + v61*8] = v67
#|       v68: i64 = iconst 1
#|       v69: i64 = iadd v61, v68
#|       v70: i64 = iadd v62, v38
#|       v71: i64 = iadd v63, v43
#|       v72: f64 = load mem0[v1 + v70*1]
#|       v73: f64 = load mem0[v5 + v71*1]
#|       v74: f64 = fmul v72, v8
#|       v75: f64 = fadd v74, v73
#|       store mem2[v24 + v61*8 + 8] = v75
#|       v76: i64 = iconst 2
#|       v77: i64 = iadd v61, v76
#|       v78: i64 = iadd v70, v38
#|       v79: i64 = iadd v71, v43
#|       v80: f64 = load mem0[v1 + v78*1]
#|       v81: f64 = load mem0[v5 + v79*1]
#|       v82: f64 = fmul v80, v8
#|       v83: f64 = fadd v82, v81
#|       store mem2[v24 + v61*8 + 16] = v83
#|       v84: i64 = iconst 3
#|       v85: i64 = iadd v61, v84
#|       v86: i64 = iadd v78, v38
#|       v87: i64 = iadd v79, v43
#|       v88: f64 = load mem0[v1 + v86*1]
#|       v89: f64 = load mem0[v5 + v87*1]
#|       v90: f64 = fmul v88, v8
#|       v91: f64 = fadd v90, v89
#|       store mem2[v24 + v61*8 + 24] = v91
#|       v92: i64 = iconst 4
#|       v93: i64 = iadd v61, v92
#|       yield v93
#|     }
#|     for i47 v45 in v94..v15 rest { r4
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
