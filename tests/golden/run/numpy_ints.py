def f(a: "int8", b: "int8"):
    return a + b, a - b, a * b, a // b, a % b, a / b, -a, ~a, abs(a), a & b, a << b, a >> b


#> 100, 100
#> -128, -1
#> 7, -2
#> 5, 0
#> -5, 7
#> -5, 9
#> 1, -1

#| (int8(-56), int8(0), int8(16), int8(1), int8(0), float64(1.0), int8(-100), int8(-101), int8(100), int8(100), int8(0), int8(0))
#| (int8(127), int8(-127), int8(-128), int8(-128), int8(0), float64(128.0), int8(-128), int8(127), int8(-128), int8(-128), int8(0), int8(-1))
#| (int8(5), int8(9), int8(-14), int8(-4), int8(-1), float64(-3.5), int8(-7), int8(-8), int8(7), int8(6), int8(0), int8(0))
#| (int8(5), int8(5), int8(0), int8(0), int8(0), float64(inf), int8(-5), int8(-6), int8(5), int8(0), int8(5), int8(5))
#| (int8(2), int8(-12), int8(-35), int8(-1), int8(2), float64(-0.7142857142857143), int8(5), int8(4), int8(5), int8(3), int8(-128), int8(-1))
#| (int8(4), int8(-14), int8(-45), int8(-1), int8(4), float64(-0.5555555555555556), int8(5), int8(4), int8(5), int8(9), int8(0), int8(-1))
#| (int8(0), int8(2), int8(-1), int8(-1), int8(0), float64(-1.0), int8(-1), int8(-2), int8(1), int8(1), int8(0), int8(0))
