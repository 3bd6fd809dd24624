# stage: mir
# args: int64[::1], int64[::1]
def f(a, h):
    for v in a:
        h[v] += 1

#| fn0 f(v0: ptr, v1: ptr, v2: i64, v3: i64, v4: ptr, v5: ptr, v6: i64, v7: i64) -> () source 0 {
#|   v8: i64 = iconst 0
#|   v9: i64 = iconst 1
#|   v25: i64 = iconst 0
#|   v26: i64 = isub v2, v8
#|   v27: i64 = iconst 2
#|   v28: i64 = ushr v26, v27
#|   v29: bool = cmp.slt v8, v2
#|   v30: i64 = select v29, v28, v25
#|   v69: i64 = for i71 v31 in v25..v30 (v32: i64 = v8) turn { r2
#|     v33: i64 = load mem0[v1 + v32*8]
#|     v34: bool = cmp.slt v33, v8
#|     v35: i64 = iadd v33, v6
#|     v36: i64 = select v34, v35, v33
#|     v37: bool = cmp.ult v36, v6
#|     guard v37 else raise site0(v33, v6)
#|     v38: i64 = load mem0[v5 + v36*8]
#|     v39: i64 = iadd v38, v9
#|     store mem0[v5 + v36*8] = v39
#|     v40: i64 = iconst 1
#|     v41: i64 = iadd v32, v40
#|     v42: i64 = load mem0[v1 + v32*8 + 8]
#|     v43: bool = cmp.slt v42, v8
#|     v44: i64 = iadd v42, v6
#|     v45: i64 = select v43, v44, v42
#|     v46: bool = cmp.ult v45, v6
#|     guard v46 else raise site0(v42, v6)
#|     v47: i64 = load mem0[v5 + v45*8]
#|     v48: i64 = iadd v47, v9
#|     store mem0[v5 + v45*8] = v48
#|     v49: i64 = iconst 2
#|     v50: i64 = iadd v32, v49
#|     v51: i64 = load mem0[v1 + v32*8 + 16]
#|     v52: bool = cmp.slt v51, v8
#|     v53: i64 = iadd v51, v6
#|     v54: i64 = select v52, v53, v51
#|     v55: bool = cmp.ult v54, v6
#|     guard v55 else raise site0(v51, v6)
#|     v56: i64 = load mem0[v5 + v54*8]
#|     v57: i64 = iadd v56, v9
#|     store mem0[v5 + v54*8] = v57
#|     v58: i64 = iconst 3
#|     v59: i64 = iadd v32, v58
#|     v60: i64 = load mem0[v1 + v32*8 + 24]
#|     v61: bool = cmp.slt v60, v8
#|     v62: i64 = iadd v60, v6
#|     v63: i64 = select v61, v62, v60
#|     v64: bool = cmp.ult v63, v6
#|     guard v64 else raise site0(v60, v6)
#|     v65: i64 = load mem0[v5 + v63*8]
#|     v66: i64 = iadd v65, v9
#|     store mem0[v5 + v63*8] = v66
#|     v67: i64 = iconst 4
#|     v68: i64 = iadd v32, v67
#|     yield v68
#|   }
#|   for i3 v10 in v69..v2 rest { r1
#|     v11: i64 = load mem0[v1 + v10*8]
#|     v13: bool = cmp.slt v11, v8
#|     v14: i64 = iadd v11, v6
#|     v15: i64 = select v13, v14, v11
#|     v16: bool = cmp.ult v15, v6
#|     guard v16 else raise site0(v11, v6)
#|     v17: i64 = load mem0[v5 + v15*8]
#|     v19: i64 = iadd v17, v9
#|     store mem0[v5 + v15*8] = v19
#|     yield
#|   }
#|   return
#| }
#| site0: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:2
#| site1: Index[Text("index {0} is out of bounds for axis 0 with size {1}", [Int, Int])] at 0:2
