# stage: mir-raw
# args: int
def f(n):
    total = 0.0
    for i in range(n):
        total += i ** 0.5
    return total

#| fn0 f(v0: i64) -> (f64) source 0 {
#|   v1: f64 = fconst 0.0 (0x0)
#|   v2: i64 = iconst 0
#|   v3: i64 = iconst 1
#|   v17: f64 = for i4 v4 in v2..v0 (v5: f64 = v1) { r1
#|     v6: f64 = sinttofloat v4
#|     v7: f64 = fconst 0.5 (0x3fe0000000000000)
#|     v8: f64 = fconst inf (0x7ff0000000000000)
#|     v9: f64 = fconst 0.0 (0x0)
#|     v10: f64 = fconst inf (0x7ff0000000000000)
#|     v11: f64 = fconst -inf (0xfff0000000000000)
#|     v12: f64 = fadd v6, v9
#|     v13: f64 = math.sqrt v12
#|     v14: bool = cmp.flt v6, v9
#|     v15: bool = bnot v14
#|     guard v15 else deopt site0
#|     v16: f64 = fadd v5, v13
#|     yield v16
#|   }
#|   return v17
#| }
#| site0: Overflow[Text("the result of `i ** 0.5` is a complex number, which this compiled call cannot hold (after an array was changed or something was printed, the call cannot start again in the interpreter)", [])] at 0:3
