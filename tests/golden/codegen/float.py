# stage: clif
# args: float, float
def f(x, y):
    return x * y - 1.0

#| ; f
#| function u0:0(i64, i64, i64) -> i32 system_v {
#| block0(v0: i64, v1: i64, v2: i64):
#|     v3 = load.f64 notrap readonly v1
#|     v4 = load.f64 notrap readonly v1+8
#|     v5 = fmul v3, v4
#|     v6 = f64const 0x1.0000000000000p0
#|     v7 = fsub v5, v6  ; v6 = 0x1.0000000000000p0
#|     v8 = iconst.i32 0
#|     store notrap v7, v2
#|     return v8  ; v8 = 0
#| }
#|
