//! What to write instead: for names, functions and values that have no meaning in compiled code.
//!
//! In: what was found. Out: the `help` of a diagnostic. Invariant: advice is something that compiles, or
//! that the calling Python code can do.

use crate::infer::builtin::names;

/// The closest of some names, if it is close enough to be what was meant.
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    let limit = 1 + name.chars().count() / 5;
    let near = known.map(|known| (distance(name, known), known));
    // Who mistypes a name gets its first letter right.
    let meant =
        |far: usize, known: &str| far <= 1 || (far <= limit && known.chars().next() == name.chars().next());
    let best = near.filter(|(far, known)| meant(*far, known) && *known != name).min();
    best.map(|(_, name)| name.to_owned())
}

/// Edit distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// For a name that is not defined anywhere: the import that gives it its usual meaning.
pub fn undefined(name: &str) -> Option<String> {
    let import = match name {
        "np" => "import numpy as np",
        "numpy" => "import numpy",
        "math" => "import math",
        "cmath" => "import cmath",
        "sqrt" | "sin" | "cos" | "tan" | "exp" | "log" | "pi" | "floor" | "ceil" => "import math",
        "prange" => "from fastjit import prange",
        _ => return None,
    };
    let used = if import == "import math" && name != "math" {
        format!(" and write `math.{name}`")
    } else {
        String::new()
    };
    Some(format!("put `{import}` at the top of the file{used}"))
}

/// For a function that the compiler does not know, by its canonical name.
pub fn function(canonical: &str) -> String {
    let known = match canonical {
        "builtins.sorted" => "`np.sort(a)` gives a sorted copy of an array",
        "builtins.map" | "builtins.filter" => {
            "write a loop, or a generator expression as in `sum(f(x) for x in a)`"
        }
        "builtins.iter" | "builtins.next" => "write a `for` loop",
        "builtins.getattr" | "builtins.hasattr" | "builtins.setattr" => {
            "write the attribute itself, as in `a.size`"
        }
        "builtins.slice" => "write the slice where it is used, as in `a[start:stop]`",
        "builtins.object" => "give a dtype of numbers, such as np.float64",
        "builtins.type" => "test a type with `isinstance(x, float)`",
        "builtins.dict" | "builtins.set" | "builtins.frozenset" => {
            "use arrays or tuples, with integer constants as indices; or look the values up before the call"
        }
        "builtins.input" | "builtins.open" => "read before the call, and pass the values",
        "builtins.hash" | "builtins.id" | "builtins.repr" | "builtins.format" | "builtins.chr"
        | "builtins.ord" | "builtins.hex" | "builtins.oct" | "builtins.bin" | "builtins.ascii" => {
            "do this with the result, in the calling Python code"
        }
        "numpy.float16" | "numpy.half" | "numpy.longdouble" | "numpy.float128" | "numpy.clongdouble" => {
            "arrays hold float32 and float64: convert with `a.astype(np.float32)` before the call"
        }
        "numpy.vectorize"
        | "numpy.apply_along_axis"
        | "numpy.apply_over_axes"
        | "numpy.fromfunction"
        | "numpy.einsum" => "write the loops: compiled, they are as fast",
        _ if canonical.starts_with("numpy.random") => {
            "draw the numbers before the call and pass them: `np.random.default_rng().random(n)`"
        }
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let (module, name) = canonical.rsplit_once('.').unwrap_or(("", canonical));
    let siblings = names::all().filter_map(|known| {
        let (of, name) = known.rsplit_once('.')?;
        (of == module && !name.starts_with('_')).then_some(name)
    });
    match nearest(name, siblings) {
        Some(near) => format!("did you mean '{near}'?"),
        None => "call it in Python, before or after the compiled part, and pass numbers or arrays".to_owned(),
    }
}

/// For a method or attribute of arrays and numbers that does not exist or is not known.
pub fn attribute(name: &str) -> Option<String> {
    let known = names::all().filter_map(|known| known.strip_prefix("numpy."));
    let parts = ["shape", "size", "ndim", "dtype", "strides", "itemsize", "nbytes", "flat", "real", "imag"];
    match name {
        "append" | "extend" | "insert" | "pop" | "remove" => {
            Some("the size of an array is fixed: make it large enough with np.empty and fill it".to_owned())
        }
        "flags" => {
            Some("ask for one of them: `a.flags.c_contiguous`, `f_contiguous` or `writeable`".to_owned())
        }
        _ => nearest(name, known.chain(parts)).map(|near| format!("did you mean '{near}'?")),
    }
}

/// For the assignment to an attribute.
pub fn stored_attribute(name: &str) -> &'static str {
    match name {
        "shape" => "make another view: `a = a.reshape(...)`",
        "dtype" => "make a converted copy: `a = a.astype(...)`",
        "flat" => "write `a[...] = value`, or loop over `a.reshape(-1)`",
        "real" | "imag" => "store whole numbers: `a[i] = complex(re, im)`",
        _ => "return the value and assign it in the calling Python code",
    }
}

/// For the value of a global or closure that has no meaning in compiled code, by the name of its type.
pub fn value(name: &str, ty: &str) -> String {
    match ty {
        "list" => format!("make it a tuple, `tuple({name})`, or an array, `np.array({name})`"),
        "dict" => "look the values up before the call and pass them".to_owned(),
        "set" | "frozenset" => format!("make it a tuple, `tuple({name})`"),
        "bytes" | "bytearray" => format!("make it an array: `np.frombuffer({name}, np.uint8)`"),
        "builtin_function_or_method" => {
            "call it before the compiled function, and pass the result".to_owned()
        }
        "Generator" | "RandomState" => {
            "draw the numbers before the call and pass them as an array".to_owned()
        }
        "int beyond 64 bits" => "use a float, or do this computation in Python".to_owned(),
        _ => "pass the numbers and arrays that it holds as arguments".to_owned(),
    }
}
