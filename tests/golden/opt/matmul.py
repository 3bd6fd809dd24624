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
#|   v74: bool = cmp.sle v2, v14
#|   v75: bool = cmp.sle v3, v8
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
#|       v85: i64 = imul v79, v4
#|       v86: ptr = ptr_add v1, v85
#|       v88: bool = cmp.ult v79, v14
#|       v89: i64 = imul v79, v16
#|       v90: ptr = ptr_add v13, v89
#|       for i82 v91 in v18..v9 { r5
#|         v106: f64 = for i85 v94 in v18..v3 (v95: f64 = v24) { r6
#|           v98: f64 = load mem0[v86 + v94*8]
#|           v100: bool = cmp.ult v94, v8
#|           guard v100 else raise site2(v94, v8)
#|           v101: i64 = imul v94, v10
#|           v102: ptr = ptr_add v7, v101
#|           v103: f64 = load mem0[v102 + v91*8]
#|           v104: f64 = fmul v98, v103
#|           v105: f64 = fadd v95, v104
#|           yield v105
#|         }
#|         guard v88 else raise site4(v79, v14)
#|         v108: bool = cmp.ult v91, v15
#|         guard v108 else raise site5(v91, v15)
#|         store mem0[v90 + v91*8] = v106
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
