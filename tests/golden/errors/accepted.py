@fastjit(cache=True)
def f(x: float) -> float:
    """Annotations and docstrings are dropped."""
    y: float = x * 2
    return y

#| accepted
#| (def f (x)
#|   (pass)
#|   (= y (* x 2))
#|   (return y))
