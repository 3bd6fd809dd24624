# stage: mir
# args: int
def f(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps

#| fn0 f(v0: i64) -> (i64) source 0 {
#|   v1: i64 = iconst 0
#|   v25: i64 = block i1 { r1
#|     v4: i64 = iconst 1
#|     v12: i64 = iconst 3
#|     v29: i64 = iconst 9223372036854775807
#|     v33: i64 = iconst 0
#|     v34: i64 = isub v29, v1
#|     v35: i64 = iconst 2
#|     v36: i64 = ushr v34, v35
#|     v37: bool = cmp.slt v1, v29
#|     v38: i64 = select v37, v36, v33
#|     v90: i64, v91: i64 = for i91 v39 in v33..v38 (v40: i64 = v1, v41: i64 = v0) turn { r7
#|       v42: bool = cmp.ne v41, v4
#|       if v42 { r8
#|         yield
#|       } else { r9
#|         break i1 v40
#|       }
#|       v43: i64 = band v41, v4
#|       v44: bool = cmp.eq v43, v1
#|       v45: i64 = sshr v41, v4
#|       v46: i64, v47: bool = checked.mul v41, v12
#|       v48: bool = bnot v47
#|       v49: bool = bor v48, v44
#|       guard v49 else deopt site0
#|       v50: i64 = iadd v46, v4
#|       v51: i64 = select v44, v45, v50
#|       v52: i64 = iconst 1
#|       v53: i64 = iadd v40, v52
#|       v54: bool = cmp.ne v51, v4
#|       if v54 { r10
#|         yield
#|       } else { r11
#|         break i1 v53
#|       }
#|       v55: i64 = band v51, v4
#|       v56: bool = cmp.eq v55, v1
#|       v57: i64 = sshr v51, v4
#|       v58: i64, v59: bool = checked.mul v51, v12
#|       v60: bool = bnot v59
#|       v61: bool = bor v60, v56
#|       guard v61 else deopt site0
#|       v62: i64 = iadd v58, v4
#|       v63: i64 = select v56, v57, v62
#|       v64: i64 = iconst 2
#|       v65: i64 = iadd v40, v64
#|       v66: bool = cmp.ne v63, v4
#|       if v66 { r12
#|         yield
#|       } else { r13
#|         break i1 v65
#|       }
#|       v67: i64 = band v63, v4
#|       v68: bool = cmp.eq v67, v1
#|       v69: i64 = sshr v63, v4
#|       v70: i64, v71: bool = checked.mul v63, v12
#|       v72: bool = bnot v71
#|       v73: bool = bor v72, v68
#|       guard v73 else deopt site0
#|       v74: i64 = iadd v70, v4
#|       v75: i64 = select v68, v69, v74
#|       v76: i64 = iconst 3
#|       v77: i64 = iadd v40, v76
#|       v78: bool = cmp.ne v75, v4
#|       if v78 { r14
#|         yield
#|       } else { r15
#|         break i1 v77
#|       }
#|       v79: i64 = band v75, v4
#|       v80: bool = cmp.eq v79, v1
#|       v81: i64 = sshr v75, v4
#|       v82: i64, v83: bool = checked.mul v75, v12
#|       v84: bool = bnot v83
#|       v85: bool = bor v84, v80
#|       guard v85 else deopt site0
#|       v86: i64 = iadd v82, v4
#|       v87: i64 = select v80, v81, v86
#|       v88: i64 = iconst 4
#|       v89: i64 = iadd v40, v88
#|       yield v89, v87
#|     }
#|     v30: i64 = for i2 v3 in v90..v29 (v2: i64 = v91) rest { r2
#|       v5: bool = cmp.ne v2, v4
#|       if v5 { r3
#|         yield
#|       } else { r4
#|         break i1 v3
#|       }
#|       v7: i64 = band v2, v4
#|       v9: bool = cmp.eq v7, v1
#|       v11: i64 = sshr v2, v4
#|       v13: i64, v14: bool = checked.mul v2, v12
#|       v15: bool = bnot v14
#|       v31: bool = bor v15, v9
#|       guard v31 else deopt site0
#|       v17: i64 = iadd v13, v4
#|       v32: i64 = select v9, v11, v17
#|       yield v32
#|     }
#|     unreachable
#|   }
#|   return v25
#| }
#| site0: Overflow[Text("integer overflow: the result of `3 * n` does not fit in 64 bits (after an array was changed or something was printed, the call cannot start again in the interpreter)", [])] at 0:3
#| site1: Overflow[Text("integer overflow: the result of `3 * n + 1` does not fit in 64 bits (after an array was changed or something was printed, the call cannot start again in the interpreter)", [])] at 0:3
#| site2: Overflow[Text("integer overflow: the result of `steps += 1` does not fit in 64 bits (after an array was changed or something was printed, the call cannot start again in the interpreter)", [])] at 0:4
