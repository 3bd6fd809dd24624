def total(n: "int"):
    total = 0.0
    for i in range(n):
        total += i ** 0.5
    return total

#| f0 total(n.0: int) -> float
#|     total.1: float = 0.0
#|     held.2: int = n.0
#|     for counter.3 in 0, held.2, 1:
#|         i.4: int = counter.3
#|         total.1: float = (total.1 add.float (float(i.4) pow.float 0.5))
#|     return total.1
