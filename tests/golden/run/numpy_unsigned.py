def f(a: "uint16", b: "uint16"):
    return a + b, a - b, a * b, a // b, a % b, a ** b, a << b, a >> b


#> 65535, 2
#> 3, 5
#> 3, 0
#> 40000, 17

#| (uint16(1), uint16(65533), uint16(65534), uint16(32767), uint16(1), uint16(1), uint16(65532), uint16(16383))
#| (uint16(8), uint16(65534), uint16(15), uint16(0), uint16(3), uint16(243), uint16(96), uint16(0))
#| (uint16(3), uint16(3), uint16(0), uint16(0), uint16(0), uint16(1), uint16(3), uint16(3))
#| (uint16(40017), uint16(39983), uint16(24640), uint16(2352), uint16(16), uint16(0), uint16(0), uint16(0))
