POINT: "unsupported Point"
LIST: "unsupported list"
DICT: "unsupported dict"
CHOICES: "unsupported set"
RNG: "unsupported Generator"
clock: "unsupported builtin_function_or_method"
Particle: "namespace"

# args: float
def typo(x):
    value = x * 2
    return valeu

# args: float
def missing_import(x):
    return numpy.sqrt(x)

# args: float
def missing_from(x):
    return sqrt(x)

# args: int
def global_list(i):
    return LIST[i]

# args: int
def global_dict(i):
    return DICT[i]

# args: int
def global_set(i):
    return i in CHOICES

# args: int
def global_object(i):
    return POINT

# args: int
def global_generator(n):
    return RNG.random(n)

# args: float
def foreign_function(x):
    return clock() + x

# args: float
def makes_an_object(x):
    return Particle(x)

#| name 'valeu' is not defined [undefined-name]
#|    --> names.py:12:12
#|    |
#| 12 |     return valeu
#|    |            ^^^^^ not a local, a global or a builtin
#|    |
#|    = help: did you mean 'value'?
#|
#| name 'numpy' is not defined [undefined-name]
#|    --> names.py:16:12
#|    |
#| 16 |     return numpy.sqrt(x)
#|    |            ^^^^^ not a local, a global or a builtin
#|    |
#|    = help: put `import numpy` at the top of the file
#|
#| name 'sqrt' is not defined [undefined-name]
#|    --> names.py:20:12
#|    |
#| 20 |     return sqrt(x)
#|    |            ^^^^ not a local, a global or a builtin
#|    |
#|    = help: put `import math` at the top of the file and write `math.sqrt`
#|
#| 'LIST' is of type list, which has no meaning in compiled code [unsupported-type]
#|    --> names.py:24:12
#|    |
#| 24 |     return LIST[i]
#|    |            ^^^^ of type list
#|    |
#|    = help: make it a tuple, `tuple(LIST)`, or an array, `np.array(LIST)`
#|
#| 'DICT' is of type dict, which has no meaning in compiled code [unsupported-type]
#|    --> names.py:28:12
#|    |
#| 28 |     return DICT[i]
#|    |            ^^^^ of type dict
#|    |
#|    = help: look the values up before the call and pass them
#|
#| 'CHOICES' is of type set, which has no meaning in compiled code [unsupported-type]
#|    --> names.py:32:17
#|    |
#| 32 |     return i in CHOICES
#|    |                 ^^^^^^^ of type set
#|    |
#|    = help: make it a tuple, `tuple(CHOICES)`
#|
#| 'POINT' is of type Point, which has no meaning in compiled code [unsupported-type]
#|    --> names.py:36:12
#|    |
#| 36 |     return POINT
#|    |            ^^^^^ of type Point
#|    |
#|    = help: pass the numbers and arrays that it holds as arguments
#|
#| 'RNG' is of type Generator, which has no meaning in compiled code [unsupported-type]
#|    --> names.py:40:12
#|    |
#| 40 |     return RNG.random(n)
#|    |            ^^^ of type Generator
#|    |
#|    = help: draw the numbers before the call and pass them as an array
#|
#| 'clock' is not written in Python, and not known to fastjit [unsupported-type]
#|    --> names.py:44:12
#|    |
#| 44 |     return clock() + x
#|    |            ^^^^^ a function of another language
#|    |
#|    = help: call it before the compiled function, and pass the result
#|
#| 'Particle' cannot be used as a value [unsupported-type]
#|    --> names.py:48:12
#|    |
#| 48 |     return Particle(x)
#|    |            ^^^^^^^^ a module or class of yours
#|    |
#|    = help: compiled code makes no objects: pass their numbers and arrays; of a module or class it uses functions and constants, as in `Particle.function(x)`
#|
