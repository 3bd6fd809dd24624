"""Types for explicit signatures, in Numba's spelling: `float64(float64[:], int64)`, `"f8(f8[:, ::1])"`.

A scalar `int64`, `float64`, `complex128` or `boolean` stands for the Python number, the others for NumPy
scalars. A signature says what to compile at once; calls with other types are compiled when they come.
"""

_NUMPY = (
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float32",
    "float64",
    "complex64",
    "complex128",
)
_PYTHON = {"int64": "int", "float64": "float", "complex128": "complex", "bool": "bool"}


class Type:
    """The type of a value. Calling it makes a signature, indexing it an array type."""

    __slots__ = ("_encoded", "_name")

    def __init__(self, name, encoded):
        self._name = name
        self._encoded = encoded

    def __call__(self, *parameters):
        return Signature(self, parameters)

    def __getitem__(self, slices):
        if self._encoded[0] != "scalar":
            raise TypeError(f"there are no arrays of {self._name}")
        items = slices if isinstance(slices, tuple) else (slices,)
        if not all(isinstance(item, slice) for item in items):
            raise TypeError("write array types as float64[:], float64[:, :] or float64[:, ::1]")
        steps = [item.step for item in items]
        fortran = len(items) > 1 and steps[0] == 1
        # `[:]` says nothing about the layout: the usual one is compiled at once, the others on demand.
        layout = "F" if fortran else "C"
        shape = ", ".join("::1" if step == 1 else ":" for step in steps)
        return Type(f"{self._name}[{shape}]", ("array", self._name, len(items), layout))

    def __eq__(self, other):
        return isinstance(other, Type) and self._encoded == other._encoded

    def __hash__(self):
        return hash(self._encoded)

    def __repr__(self):
        return self._name


class Signature:
    """Return type (not checked: it follows from the function) and parameter types."""

    __slots__ = ("parameters", "result")

    def __init__(self, result, parameters):
        for parameter in parameters:
            if not isinstance(parameter, Type):
                raise TypeError(f"a signature is made of fastjit types, not {parameter!r}")
        self.result = result
        self.parameters = tuple(parameters)

    def __repr__(self):
        return f"{self.result}({', '.join(map(repr, self.parameters))})"


def _scalar(name):
    return Type(name, ("scalar", name, _PYTHON.get(name, name)))


boolean = bool_ = b1 = _scalar("bool")
int8 = i1 = char = _scalar("int8")
int16 = i2 = short = _scalar("int16")
int32 = i4 = intc = _scalar("int32")
int64 = i8 = intp = int_ = long_ = longlong = _scalar("int64")
uint8 = u1 = byte = uchar = _scalar("uint8")
uint16 = u2 = ushort = _scalar("uint16")
uint32 = u4 = uintc = _scalar("uint32")
uint64 = u8 = uintp = uint = ulong = ulonglong = _scalar("uint64")
float32 = f4 = float_ = _scalar("float32")
float64 = f8 = double = _scalar("float64")
complex64 = c8 = _scalar("complex64")
complex128 = c16 = _scalar("complex128")
none = void = Type("none", ("none",))


def Tuple(items):
    """Tuple type with items of the given types."""
    items = tuple(items)
    return Type(f"Tuple({items!r})", ("tuple", *(item._encoded for item in items)))


def UniTuple(item, count):
    """Tuple type of `count` items of one type."""
    return Tuple((item,) * count)


def parameters(signature):
    """The encoded parameter types of a signature given as a string, a tuple of types or a `Signature`."""
    if isinstance(signature, str):
        names = {name: value for name, value in globals().items() if isinstance(value, Type)}
        names.update(Tuple=Tuple, UniTuple=UniTuple, __builtins__={})
        text = signature.strip()
        try:
            signature = eval(text, names)
        except Exception as error:
            raise TypeError(f"cannot read the signature {text!r}: {error}") from None
        if isinstance(signature, Type) and text.startswith("("):
            signature = (signature,)
    if isinstance(signature, Signature):
        signature = signature.parameters
    if not isinstance(signature, tuple) or not all(isinstance(item, Type) for item in signature):
        raise TypeError(f"{signature!r} is not a signature; write it as 'float64(float64[:], int64)'")
    return tuple(item._encoded for item in signature)
