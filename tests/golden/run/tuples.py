def f(a: "int", b: "float"):
    t = (a, b, a * 2)
    x, y, z = t
    u = (a, a + 1, a + 2)
    s = 0
    for v in u:
        s += v
    return x + z, y, u[1], s, len(t)


#> 3, 1.5

#| (9, 1.5, 4, 12, 3)
