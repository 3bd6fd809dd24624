//! Calls of builtins, `math` and NumPy: the inferred type is the interpreter's, and the call compiles.
//! The table `tests/golden/builtin_types.tsv` is written by `tests/tools/builtin_types.py`.

use fastjit::diag::SourceText;
use fastjit::hir::print;
use fastjit::infer::env::{Binding, Env, Source};
use fastjit::options::Options;
use fastjit::types::{Scalar, Type, name};
use fastjit::{infer, lower, opt};
use std::collections::BTreeMap;

fn environment(params: &str, expression: &str) -> (Env, Vec<Type>) {
    let names: Vec<&str> =
        params.split('"').step_by(2).map(|part| part.trim_matches([' ', ':', ','])).collect();
    let types = params.split('"').skip(1).step_by(2).map(|text| name::parse_type(text).expect("a type"));
    let names = names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ");
    let text = format!("def f({names}):\n    return {expression}\n");
    let mut known = BTreeMap::new();
    for (name, module) in [("np", "numpy"), ("math", "math"), ("cmath", "cmath")] {
        known.insert(name.to_owned(), Binding::KnownModule(module.to_owned()));
    }
    let source = Source {
        name: "f".to_owned(),
        text: SourceText { file: "f.py".to_owned(), first_line: 1, text },
        names: known,
        ..Source::default()
    };
    let env = Env { sources: vec![source], python_minor: 11, numpy: Some((2, 4)), ..Env::default() };
    (env, types.collect())
}

/// As `builtin_types.py` shows types.
fn describe(ty: &Type) -> String {
    let numpy = |scalar: Scalar| match name::scalar(scalar) {
        "boolean" | "bool_" => "bool".to_owned(),
        other => other.to_owned(),
    };
    match ty {
        Type::Scalar(s) if s.is_python() => name::scalar(*s).to_owned(),
        Type::Scalar(s) => format!("np.{}", numpy(*s)),
        Type::Array(a) => format!("array({}, {})", numpy(a.elem), a.ndim),
        Type::Tuple(items) => format!("({})", items.iter().map(describe).collect::<Vec<_>>().join(", ")),
        Type::None => "None".to_owned(),
        Type::Str(_)
        | Type::Dtype(_)
        | Type::Module(_)
        | Type::Builtin(_)
        | Type::Function { .. }
        | Type::Exception(_)
        | Type::Ellipsis
        | Type::Never => format!("{ty:?}"),
    }
}

/// What became of one line, or why it is wrong.
fn check(params: &str, expression: &str, expected: &str) -> Result<(), String> {
    let (env, types) = environment(params, expression);
    let refused = expected.contains("float16") || expected == "TypeError" || expected == "UFuncTypeError";
    let program = match infer::infer(&env, &types, &Options::default()) {
        Ok(_) if refused => return Err("accepted".to_owned()),
        Ok(program) => program,
        Err(_) if refused => return Ok(()),
        Err(error) => return Err(format!("refused: {}", error.message)),
    };
    let found = describe(&program.funcs[0].result);
    // One of several types that the result may have is that of the values which the table was made with.
    let one =
        program.funcs[0].result.either().is_some_and(|types| types.iter().any(|ty| describe(ty) == expected));
    if !expected.ends_with("Error") && found != expected && !one {
        return Err(format!("found {found}\n{}", print::program(&program)));
    }
    let mut module = lower::lower(&program, &Options::default());
    opt::optimize(&mut module, &Options::default());
    Ok(())
}

#[test]
fn types_of_builtins() {
    let table = include_str!("../golden/builtin_types.tsv");
    let mut wrong = Vec::new();
    std::panic::set_hook(Box::new(|_| {}));
    for line in table.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [params, expression, expected] = fields[..] else { panic!("malformed line {line}") };
        let outcome = std::panic::catch_unwind(|| check(params, expression, expected));
        let problem = match outcome {
            Ok(Ok(())) => continue,
            Ok(Err(problem)) => problem,
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned();
                let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
                format!("panic: {}", text.unwrap_or_default())
            }
        };
        wrong.push(format!("{expression}: expected {expected}, {problem}"));
    }
    let _ = std::panic::take_hook();
    assert!(wrong.is_empty(), "{} of {} lines:\n{}", wrong.len(), table.lines().count(), wrong.join("\n"));
}
