def f(a: "int", b: "int", c: "int"):
    total = 0
    last = -1
    for i in range(a, b, c):
        if i % 5 == 3:
            continue
        if i > 50:
            last = i
            break
        total += i
    else:
        total = -total
    return total, last


#> 0, 10, 1
#> 0, 100, 1
#> 10, 0, -1
#> 10, 0, 1
#> 0, 10, 0
#> 9223372036854775800, 9223372036854775807, 5
#> ! -9223372036854775808, 9223372036854775807, 9223372036854775807
#> 100, -9223372036854775808, -9223372036854775808
#> 0, 49, 7

#| (-34, -1)
#| (1020, 51)
#| (-44, -1)
#| (0, -1)
#| ValueError("range() arg 3 must not be zero") line 4
#| (0, 9223372036854775800)
#| left to the interpreter
#| (0, 100)
#| (-119, -1)
