# stage: mir-raw
# args: complex, complex
def f(a, b):
    return a * b, abs(a) < 2.0

#| fn0 f(v0: f64, v1: f64, v2: f64, v3: f64) -> (f64, f64, bool) source 0 {
#|   v4: f64 = fmul v0, v2
#|   v5: f64 = fmul v1, v3
#|   v6: f64 = fmul v0, v3
#|   v7: f64 = fmul v1, v2
#|   v8: f64 = fsub v4, v5
#|   v9: f64 = fadd v6, v7
#|   v10: f64 = math.hypot v0, v1
#|   v11: f64 = fconst inf (0x7ff0000000000000)
#|   v12: bool = cmp.fne v10, v11
#|   if v12 { r1
#|     yield
#|   } else { r2
#|     v13: f64 = math.abs v0
#|     v14: f64 = math.abs v1
#|     v15: bool = cmp.feq v13, v11
#|     v16: bool = cmp.feq v14, v11
#|     v17: bool = bor v15, v16
#|     guard v17 else raise site0
#|     yield
#|   }
#|   v18: f64 = fconst 2.0 (0x4000000000000000)
#|   v19: bool = cmp.flt v10, v18
#|   return v8, v9, v19
#| }
#| site0: Overflow[Text("absolute value too large", [])] at 0:1
