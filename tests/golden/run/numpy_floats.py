def f(a: "float32", b: "float32"):
    return a + b, a - b, a * b, a / b, a // b, a % b, a ** 2, a ** 0.5


#> 7.5, 2.0
#> -7.5, 2.0
#> 1.0, 0.0
#> 0.1, 0.3
#> -0.0, 3.0
#> inf, 2.0
#> 16777217.0, 0.1

#| (float32(9.5), float32(5.5), float32(15.0), float32(3.75), float32(3.0), float32(1.5), float32(56.25), float32(2.738613))
#| (float32(-5.5), float32(-9.5), float32(-15.0), float32(-3.75), float32(-4.0), float32(0.5), float32(56.25), float32(nan))
#| (float32(1.0), float32(1.0), float32(0.0), float32(inf), float32(inf), float32(nan), float32(1.0), float32(1.0))
#| (float32(0.4), float32(-0.20000002), float32(0.030000001), float32(0.3333333), float32(0.0), float32(0.1), float32(0.010000001), float32(0.31622776))
#| (float32(3.0), float32(-3.0), float32(-0.0), float32(-0.0), float32(-0.0), float32(0.0), float32(0.0), float32(0.0))
#| (float32(inf), float32(inf), float32(inf), float32(inf), float32(nan), float32(nan), float32(inf), float32(inf))
#| (float32(16777216.0), float32(16777216.0), float32(1677721.6), float32(167772160.0), float32(167772160.0), float32(0.050000004), float32(281474980000000.0), float32(4096.0))
