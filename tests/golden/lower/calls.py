# stage: mir-raw
def half(x):
    if x < 0:
        raise ValueError(f"{x} is negative")
    return x / 2


# args: int, float
def f(n, x):
    def add(y):
        return x + y
    return add(half(n))

#| fn0 f(v0: i64, v1: f64) -> (f64) source 0 {
#|   v2: f64 = call fn1(v0) site0
#|   v3: f64 = call fn2(v1, v2) site1
#|   return v3
#| }
#| fn1 half(v0: i64) -> (f64) source 1 {
#|   v1: i64 = iconst 0
#|   v2: bool = cmp.slt v0, v1
#|   if v2 { r1
#|     raise site2(v0)
#|   } else { r2
#|     yield
#|   }
#|   v3: i64 = iconst 2
#|   v4: i64 = iconst 9007199254740992
#|   v5: i64 = iconst 18014398509481984
#|   v6: i64 = iadd v0, v4
#|   v7: bool = cmp.ule v6, v5
#|   v12: f64 = if v7 { r3
#|     v8: f64 = sinttofloat v0
#|     v9: f64 = sinttofloat v3
#|     v10: f64 = fdiv v8, v9
#|     yield v10
#|   } else { r4
#|     v11: f64 = runtime IntTrueDiv(v0, v3)
#|     yield v11
#|   }
#|   return v12
#| }
#| fn2 add(v0: f64, v1: f64) -> (f64) source 0 {
#|   v2: f64 = fadd v0, v1
#|   return v2
#| }
#| site0: call at 0:3
#| site1: call at 0:3
#| site2: Value[Text("{0} is negative", [Int])] at 1:2
