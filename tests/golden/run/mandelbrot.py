def f(cr: "float", ci: "float", limit: "int"):
    c = complex(cr, ci)
    z = 0j
    for i in range(limit):
        z = z * z + c
        if abs(z) > 2.0:
            return i
    return limit


#> 0.3, 0.5, 100
#> 1.0, 1.0, 100
#> -0.7, 0.27, 500

#| 100
#| 1
#| 101
