from builtins import object

# args: float64[::1]
def grows(a):
    a.append(1.0)

# args: float64[::1]
def sets_the_shape(a):
    a.shape = (2, 2)

# args: float64[::1]
def deletes_an_item(a):
    del a[0]

# args: int
def unknown_dtype(n):
    return np.zeros(n, dtype="float65")

# args: int
def dtype_object(n):
    return np.zeros(n, dtype=object)

# args: float64[::1]
def index_by_text(a):
    return a["x"]

# args: float64[::1]
def index_by_float(a):
    return a[1.5]

# args: float64[::1]
def too_many_indices(a):
    return a[0, 0]

# args: float64[::1]
def stores_text(a):
    a[0] = "x"

# args: int
def assigns_to_a_tuple(x):
    t = (1, 2)
    t[0] = x
    return t

# args: int
def index_of_unlike_items(x):
    t = (1, 2.0, np.zeros(3))
    return t[x]

# args: float64[::1]
def leaves_prange(a):
    for i in prange(len(a)):
        if a[i] > 1.0:
            break

# args: float64[::1]
def depends_in_prange(a):
    s = 0.0
    for i in prange(len(a)):
        s = s / 2 + a[i]
    return s

#| the method 'append' of arrays is not known to fastjit [unsupported-function]
#|   --> arrays.py:5:5
#|   |
#| 5 |     a.append(1.0)
#|   |     ^^^^^^^^^^^^^ this is 1-D array of float64
#|   |
#|   = help: the size of an array is fixed: make it large enough with np.empty and fill it
#|
#| assignment to the attribute 'shape' is not supported [unsupported-syntax]
#|   --> arrays.py:9:5
#|   |
#| 9 |     a.shape = (2, 2)
#|   |     ^^^^^^^ assigned here
#|   |
#|   = help: make another view: `a = a.reshape(...)`
#|
#| `del` of an item or attribute is not supported [unsupported-syntax]
#|    --> arrays.py:13:9
#|    |
#| 13 |     del a[0]
#|    |         ^^^^ deleted here
#|    |
#|    = help: make a copy without it: `np.delete(a, i)`
#|
#| data type 'float65' is not known to fastjit [unsupported-type]
#|    --> arrays.py:17:30
#|    |
#| 17 |     return np.zeros(n, dtype="float65")
#|    |                              ^^^^^^^^^ this dtype
#|    |
#|    = help: use a NumPy dtype such as np.float64
#|
#| 'object' is not supported in compiled functions [unsupported-function]
#|    --> arrays.py:21:30
#|    |
#| 21 |     return np.zeros(n, dtype=object)
#|    |                              ^^^^^^ not known to fastjit
#|    |
#|    = help: give a dtype of numbers, such as np.float64
#|
#| only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices [type-mismatch]
#|    --> arrays.py:25:14
#|    |
#| 25 |     return a["x"]
#|    |              ^^^ this is the string "x"
#|    |
#|    = help: fields have no names here: pass each field as an array of its own
#|
#| only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices [type-mismatch]
#|    --> arrays.py:29:14
#|    |
#| 29 |     return a[1.5]
#|    |              ^^^ this is float
#|    |
#|    = help: divide with `//`, or convert it with `int(...)`
#|
#| too many indices for array: array is 1-dimensional, but 2 were indexed [type-mismatch]
#|    --> arrays.py:33:14
#|    |
#| 33 |     return a[0, 0]
#|    |              ^^^^ too many indices
#|
#| cannot store a value of type 'str' in an array of float64 [type-mismatch]
#|    --> arrays.py:37:12
#|    |
#| 37 |     a[0] = "x"
#|    |            ^^^ this is 'x'
#|
#| UniTuple(int, 2) does not support item assignment [type-mismatch]
#|    --> arrays.py:42:5
#|    |
#| 42 |     t[0] = x
#|    |     ^ assigned to an item of this
#|    |
#|    = help: use an array: `np.array([...])`, or `np.empty(n)` to be filled
#|
#| the items of this tuple have different types, so its index must be a constant [not-constant]
#|    --> arrays.py:48:14
#|    |
#| 48 |     return t[x]
#|    |              ^ not known at compile time
#|    |
#|    = help: use a constant index, or unpack the tuple
#|
#| `break` cannot leave a prange loop [not-parallel]
#|    --> arrays.py:54:13
#|    |
#| 54 |             break
#|    |             ^^^^^ leaves the loop
#|    |
#|    = help: use `range`, or remember the result and go on
#|
#| the iterations of this prange loop depend on each other through 's' [not-parallel]
#|    --> arrays.py:60:9
#|    |
#| 59 |     for i in prange(len(a)):
#|    |     ----------------------- this loop
#| 60 |         s = s / 2 + a[i]
#|    |         ^^^^^^^^^^^^^^^^ assigned here, and needed by other iterations or after the loop
#|    |
#|    = help: combine with `s += x`, `*=`, `min`, `max`, `&=`, `|=` or `^=`, use `range`, or store into an array
#|
