def total(n: "int"):
    total = 0.0
    for i in range(n):
        total += i ** 0.5
    return total

#| fn0 total(n.0: int) -> float
#|   local total.1: float
#|   local held.2: int
#|   local counter.3: int
#|   local i.4: int
#|   total.1 = 0.0:float
#|   held.2 = n.0
#|   for counter.3 in range(0:int, held.2, 1:int):
#|     i.4 = counter.3
#|     total.1 = (total.1 + (Cast(i.4):float ** 0.5:float):float):float
#|   return total.1
