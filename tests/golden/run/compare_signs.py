def f(a: "int64", b: "uint64"):
    return a < b, a == b, a >= b, a != b, b > a


#> -1, 18446744073709551615
#> 5, 5
#> 5, 4
#> 9223372036854775807, 9223372036854775808

#| (bool_(True), bool_(False), bool_(False), bool_(True), bool_(True))
#| (bool_(False), bool_(True), bool_(True), bool_(False), bool_(False))
#| (bool_(False), bool_(False), bool_(True), bool_(True), bool_(False))
#| (bool_(True), bool_(False), bool_(False), bool_(True), bool_(True))
