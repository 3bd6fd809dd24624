def f(n: "int64"):
    for i in range(n):
        t = i * 2
        if t > 5:
            last = t
    return last
