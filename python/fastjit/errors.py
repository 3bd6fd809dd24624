"""What fastjit raises and warns about, apart from the exceptions of the user's own program."""


class FastjitError(Exception):
    """A function cannot be compiled. `str()` shows the source lines; `concise()` is one line."""

    filename: "str | None"
    lineno: "int | None"
    diagnostics: "tuple[str, ...]"

    def __init__(
        self,
        message: str,
        filename: "str | None" = None,
        lineno: "int | None" = None,
        diagnostics: "tuple[str, ...]" = (),
    ) -> None:
        super().__init__(message)
        self.filename = filename
        self.lineno = lineno
        self.diagnostics = diagnostics

    def concise(self) -> str:
        """One line: place, what was found, what to write instead."""
        if self.diagnostics:
            return self.diagnostics[0]
        return str(self).split("\n", 1)[0]


class UnsupportedError(FastjitError):
    """Python or NumPy that fastjit does not compile."""


class TypingError(FastjitError, TypeError):
    """Operations on types that have no such operation, or types that do not fit together."""


class UndefinedNameError(FastjitError, NameError):
    """A name that is defined nowhere."""


class SourceError(FastjitError):
    """The source text is missing, or is not the source of the function that runs."""


class CompilerBug(FastjitError):
    """fastjit itself is at fault."""


class DeoptWarning(RuntimeWarning):
    """A call left compiled code and ran again in the interpreter: slower, with the exact answer."""


class FallbackWarning(UserWarning):
    """`fallback=True`: a function that cannot be compiled runs in the interpreter."""
