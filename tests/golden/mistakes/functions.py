from builtins import sorted, map, getattr, slice
open: "unsupported builtin_function_or_method"

# args: float64[::1]
def misspelt_function(a):
    return np.summ(a)

# args: float64[::1]
def misspelt_method(a):
    return a.meen()

# args: float64[::1]
def misspelt_attribute(a):
    return a.shap

# args: float64[:, ::1]
def unknown_function(a):
    return np.linalg.eig(a)

# args: int
def random_numbers(n):
    return np.random.rand(n)

# args: float64[::1]
def sorts(a):
    return sorted(a)

# args: float64[::1]
def maps(a):
    return sum(map(abs, a))

# args: float64[::1]
def attribute_by_name(a):
    return getattr(a, "size")

# args: float64[::1]
def slice_object(a):
    return a[slice(0, 2)]

# args: int
def reads_a_file(n):
    return open("x")

# args: int
def makes_text(n):
    return str(n)

# args: float
def fstring(x):
    return f"{x}"

# args: float64[::1], float64[::1]
def zips_strictly(a, b):
    s = 0.0
    for x, y in zip(a, b, strict=True):
        s += x * y
    return s

# args: float
def unknown_keyword(x):
    return helper(y=x)

# args: float
def too_many_arguments(x):
    return helper(x, x)

def helper(x):
    return x

# args: float64[::1]
def unknown_numpy_keyword(a):
    return np.sum(a, foo=1)

#| 'numpy.summ' is not known to fastjit [unsupported-function]
#|   --> functions.py:6:12
#|   |
#| 6 |     return np.summ(a)
#|   |            ^^^^^^^ used here
#|   |
#|   = help: did you mean 'sum'?
#|
#| the method 'meen' of arrays is not known to fastjit [unsupported-function]
#|    --> functions.py:10:12
#|    |
#| 10 |     return a.meen()
#|    |            ^^^^^^^^ this is 1-D array of float64
#|    |
#|    = help: did you mean 'mean'?
#|
#| the attribute 'shap' of 1-D array of float64 is not known to fastjit [unsupported-function]
#|    --> functions.py:14:12
#|    |
#| 14 |     return a.shap
#|    |            ^^^^^^ used here
#|    |
#|    = help: did you mean 'shape'?
#|
#| 'numpy.linalg.eig' is not known to fastjit [unsupported-function]
#|    --> functions.py:18:12
#|    |
#| 18 |     return np.linalg.eig(a)
#|    |            ^^^^^^^^^^^^^ used here
#|    |
#|    = help: call it in Python, before or after the compiled part, and pass numbers or arrays
#|
#| 'numpy.random' is not known to fastjit [unsupported-function]
#|    --> functions.py:22:12
#|    |
#| 22 |     return np.random.rand(n)
#|    |            ^^^^^^^^^ used here
#|    |
#|    = help: draw the numbers before the call and pass them: `np.random.default_rng().random(n)`
#|
#| 'sorted' is not supported in compiled functions [unsupported-function]
#|    --> functions.py:26:12
#|    |
#| 26 |     return sorted(a)
#|    |            ^^^^^^ not known to fastjit
#|    |
#|    = help: `np.sort(a)` gives a sorted copy of an array
#|
#| 'map' is not supported in compiled functions [unsupported-function]
#|    --> functions.py:30:16
#|    |
#| 30 |     return sum(map(abs, a))
#|    |                ^^^ not known to fastjit
#|    |
#|    = help: write a loop, or a generator expression as in `sum(f(x) for x in a)`
#|
#| 'getattr' is not supported in compiled functions [unsupported-function]
#|    --> functions.py:34:12
#|    |
#| 34 |     return getattr(a, "size")
#|    |            ^^^^^^^ not known to fastjit
#|    |
#|    = help: write the attribute itself, as in `a.size`
#|
#| 'slice' is not supported in compiled functions [unsupported-function]
#|    --> functions.py:38:14
#|    |
#| 38 |     return a[slice(0, 2)]
#|    |              ^^^^^ not known to fastjit
#|    |
#|    = help: write the slice where it is used, as in `a[start:stop]`
#|
#| 'open' is not written in Python, and not known to fastjit [unsupported-type]
#|    --> functions.py:42:12
#|    |
#| 42 |     return open("x")
#|    |            ^^^^ a function of another language
#|    |
#|    = help: call it before the compiled function, and pass the result
#|
#| 'str' is known as a class for isinstance() only [unsupported-function]
#|    --> functions.py:46:12
#|    |
#| 46 |     return str(n)
#|    |            ^^^^^^ called here
#|    |
#|    = help: text is made only where it is shown: in an f-string, as in `raise ValueError(f"bad {x}")`
#|
#| an f-string is allowed in messages of exceptions and in print only [unsupported-syntax]
#|    --> functions.py:50:12
#|    |
#| 50 |     return f"{x}"
#|    |            ^^^^^^ not here
#|    |
#|    = help: return the numbers and make the text in the calling Python code
#|
#| zip(strict=...) is not supported in compiled code [bad-call]
#|    --> functions.py:55:27
#|    |
#| 55 |     for x, y in zip(a, b, strict=True):
#|    |                           ^^^^^^^^^^^ here
#|    |
#|    = help: compare the lengths before the loop, and raise ValueError
#|
#| helper() got an unexpected keyword argument 'y' [bad-call]
#|    --> functions.py:61:12
#|    |
#| 61 |     return helper(y=x)
#|    |            ^^^^^^^^^^^ called here
#|
#| helper() takes 1 positional argument but 2 were given [bad-call]
#|    --> functions.py:65:12
#|    |
#| 65 |     return helper(x, x)
#|    |            ^^^^^^^^^^^^ called here
#|
#| the keyword argument 'foo' of sum() is not known to fastjit [bad-call]
#|    --> functions.py:72:12
#|    |
#| 72 |     return np.sum(a, foo=1)
#|    |            ^^^^^^^^^^^^^^^^ in this call
#|
