"""Types for explicit signatures, in Numba's spelling: `float64(float64[:], int64)`, `"f8(f8[:, ::1])"`.

A scalar `int64`, `float64`, `complex128` or `boolean` stands for the Python number, the others for NumPy
scalars. A signature says what to compile at once; calls with other types are compiled when they come. The
return type is not checked: it follows from the function.
"""


class Type:
    """The type of a value. Calling it makes a signature, indexing it an array type."""

    __slots__ = ("_name",)

    def __init__(self, name):
        self._name = name

    def __call__(self, *parameters):
        return Signature(self, parameters)

    def __getitem__(self, slices):
        items = slices if isinstance(slices, tuple) else (slices,)
        if not all(isinstance(item, slice) for item in items):
            raise TypeError("write array types as float64[:], float64[:, :] or float64[:, ::1]")
        shape = ", ".join("::1" if item.step == 1 else ":" for item in items)
        return Type(f"{self._name}[{shape}]")

    def __eq__(self, other):
        return isinstance(other, Type) and self._name == other._name

    def __hash__(self):
        return hash(self._name)

    def __repr__(self):
        return self._name


class Signature:
    """Return type and parameter types."""

    __slots__ = ("parameters", "result")

    def __init__(self, result, parameters):
        self.result = result
        self.parameters = _types(parameters)

    def __repr__(self):
        return f"{self.result}{_listed(self.parameters)}"


def Tuple(items):
    """Tuple type with items of the given types."""
    return Type(f"Tuple({_listed(_types(items), single=True)})")


def UniTuple(item, count):
    """Tuple type of `count` items of one type."""
    return Tuple((item,) * count)


def _types(items):
    items = tuple(items)
    for item in items:
        if not isinstance(item, Type):
            raise TypeError(f"a signature is made of fastjit types, not {item!r}")
    return items


def _listed(items, single=False):
    trailing = "," if single and len(items) == 1 else ""
    return f"({', '.join(map(repr, items))}{trailing})"


def text(signature):
    """A signature given as text, as a `Signature` or as a tuple of parameter types, as text."""
    if isinstance(signature, (str, Signature)):
        return str(signature)
    if isinstance(signature, tuple):
        return _listed(_types(signature))
    raise TypeError(f"{signature!r} is not a signature; write it as 'float64(float64[:], int64)'")


boolean = bool_ = b1 = Type("bool_")
int8 = i1 = char = Type("int8")
int16 = i2 = short = Type("int16")
int32 = i4 = intc = Type("int32")
int64 = i8 = intp = int_ = long_ = longlong = Type("int64")
uint8 = u1 = byte = uchar = Type("uint8")
uint16 = u2 = ushort = Type("uint16")
uint32 = u4 = uintc = Type("uint32")
uint64 = u8 = uintp = uint = ulong = ulonglong = Type("uint64")
float32 = f4 = float_ = Type("float32")
float64 = f8 = double = Type("float64")
complex64 = c8 = Type("complex64")
complex128 = c16 = Type("complex128")
none = void = Type("none")
