//! The text of refusals that several places share.
//!
//! In: the parser's node kind. Out: what it is called and what to write instead. Invariant: a help says
//! what to write, not only what is forbidden.

/// What was found, and what to write instead.
pub type Refusal = (&'static str, &'static str);

pub const DICT: Refusal = (
    "dictionaries are not supported in compiled code",
    "use arrays or tuples, with integer constants as indices; or look the values up before the call",
);
pub const SET: Refusal = (
    "sets are not supported in compiled code",
    "use a tuple (`x in (1, 2, 3)`) or a boolean array as a mask",
);
pub const COMPREHENSION: Refusal = (
    "a comprehension is only supported as the argument of a call such as `sum(...)`",
    "write a loop that fills an array: `out = np.empty(n)`, then `for i in range(n): out[i] = ...`",
);
pub const GENERATOR: Refusal = (
    "generators (`yield`) are not supported in compiled code",
    "fill an array and return it, or compile the body of the loop as a function of its own",
);
pub const ASYNC: Refusal = (
    "`async` and `await` are not supported in compiled code",
    "compile the numeric part as a plain function and call it from the coroutine",
);
pub const TRY: Refusal = (
    "`try` is not supported in compiled code",
    "test the condition before the operation, or catch the exception in the calling Python code",
);
pub const WITH: Refusal = (
    "`with` is not supported in compiled code",
    "put the `with` block around the call, in the calling Python code",
);
pub const IMPORT: Refusal =
    ("`import` is not supported inside compiled code", "import the module at the top of the file");
pub const CLASS: Refusal = (
    "classes are not supported inside compiled code",
    "define the class at the top of the file and pass its numbers and arrays as arguments",
);
pub const STAR_STAR_PARAMETER: Refusal =
    ("`**kwargs` parameters are not supported in compiled code", "name each parameter and give it a default");
pub const STAR_STAR_ARGUMENT: Refusal =
    ("`**` arguments are not supported in compiled code", "write each argument as `name=value`");
pub const STAR_ELSEWHERE: Refusal = (
    "`*` unpacking is only supported in calls, tuples and assignments",
    "write the items out, or index them",
);
pub const TYPE_PARAMETERS: Refusal = (
    "type parameters are not supported in compiled code",
    "leave the `[...]` after the function's name away: types are inferred from the arguments",
);
pub const TYPE_ALIAS: Refusal =
    ("`type` statements are not supported in compiled code", "move the alias to the top of the file");
pub const BYTES: Refusal = (
    "bytes literals are not supported in compiled code",
    "use a `uint8` array: `np.frombuffer(data, np.uint8)` before the call",
);
pub const TEMPLATE: Refusal = (
    "template strings are not supported in compiled code",
    "write an f-string, or put the values together before",
);
pub const SURROGATE: Refusal = (
    "strings with surrogates are not supported in compiled code",
    "make the string at the top of the file and give it a name",
);
pub const RAISE_FROM: Refusal =
    ("`raise ... from ...` is not supported in compiled code", "leave the `from` part away");
pub const INNER_DECORATOR: Refusal = (
    "decorators on inner functions are not supported in compiled code",
    "leave the decorator away: inner functions are compiled with the function around them",
);
pub const MATCH_MAPPING: Refusal =
    ("mapping patterns are not supported in compiled code", "match on numbers or tuples of numbers");
pub const MATCH_CLASS: Refusal =
    ("class patterns are not supported in compiled code", "match on numbers or tuples of numbers");
pub const MATCH_STAR: Refusal =
    ("`*` in a pattern is not supported in compiled code", "write a name or `_` for each item");
