def f(n: "int"):
    for i in range(n):
        t = i * 2
        if t > 5:
            last = t
    return last

#| fn0 f(n.0: int) -> int
#|   local held.1: int
#|   local counter.2: int
#|   local i.3: int
#|   local t.4: int
#|   local last.5: int
#|   local last.bound.6: bool
#|   held.1 = n.0
#|   last.bound.6 = False:bool
#|   for counter.2 in range(0:int, held.1, 1:int):
#|     i.3 = counter.2
#|     t.4 = (i.3 * 2:int):int
#|     if (t.4 > 5:int):
#|       last.5 = t.4
#|       last.bound.6 = True:bool
#|   return last.5 if last.bound.6
