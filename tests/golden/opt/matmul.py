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
#|       for i7 v23 in v18..v9 { r2
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
