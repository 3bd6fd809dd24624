//! Python files as programs for the compiler: what the border makes of live functions, made of text.
//!
//! In: a file with imports, constants, exception classes and functions at the left margin (`np`, `math` and
//! `prange` are known without). A function under a comment `# args: float64[::1], int`, or with parameters
//! such as `a: "float64[::1]"`, is compiled for these types; the others are there to be called. `table: "float64[::1]"` and `table = np.array([1.0])` make a global array, which is a hidden
//! argument. Out: an `Env` whose entry is the function asked for.

use crate::value::{self, Value};
use fastjit::diag::SourceText;
use fastjit::infer::env::{Binding, Env, Source};
use fastjit::types::Type;
use fastjit::types::name::parse_type;
use std::collections::BTreeMap;

/// A function of the file.
pub struct Def {
    pub name: String,
    /// Line of `def` in the file, from 0.
    pub line: usize,
    pub text: String,
    /// The types under `# args:`.
    pub args: Option<Vec<Type>>,
}

pub struct File {
    pub name: String,
    pub defs: Vec<Def>,
    names: BTreeMap<String, Binding>,
    hidden: Vec<Type>,
    /// Values of the global arrays that have one.
    pub globals: Vec<Value>,
    pub objects: Vec<String>,
}

/// The types of a list such as `float64[:, ::1], int`.
pub fn types(text: &str) -> Vec<Type> {
    match parse_type(&format!("({text},)")).unwrap_or_else(|error| panic!("{error}")) {
        _ if text.trim().is_empty() => Vec::new(),
        Type::Tuple(items) => items.to_vec(),
        other => panic!("{other} is no list of types"),
    }
}

pub fn read(name: &str, text: &str) -> File {
    let mut file = File {
        name: name.to_owned(),
        defs: Vec::new(),
        names: [
            ("np", Binding::KnownModule("numpy".to_owned())),
            ("math", Binding::KnownModule("math".to_owned())),
            ("prange", Binding::Known("fastjit.prange".to_owned())),
        ]
        .map(|(name, binding)| (name.to_owned(), binding))
        .into(),
        hidden: Vec::new(),
        globals: Vec::new(),
        objects: Vec::new(),
    };
    let mut args = None;
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        let blank = line.trim().is_empty();
        if line.starts_with([' ', '\t', ')']) || (blank && open) {
            if open && let Some(def) = file.defs.last_mut() {
                def.text.push_str(line);
                def.text.push('\n');
            }
            continue;
        }
        open = false;
        if let Some(list) = line.strip_prefix("# args:") {
            args = Some(types(list));
        } else if let Some(rest) = line.strip_prefix("def ") {
            let name = rest.split('(').next().expect("split gives a part").to_owned();
            file.names.insert(name.clone(), Binding::Function(file.defs.len() as u32));
            let args = args.take().or_else(|| annotated(line));
            file.defs.push(Def { name, line: number, text: format!("{line}\n"), args });
            open = true;
        } else if !blank && !line.starts_with('#') {
            file.global(line);
        }
    }
    for def in &mut file.defs {
        def.text.truncate(def.text.trim_end().len());
        def.text.push('\n');
    }
    file
}

/// The types in the annotations of all parameters.
fn annotated(head: &str) -> Option<Vec<Type>> {
    let types: Vec<&str> = head.split(": \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    (!types.is_empty())
        .then(|| types.iter().map(|ty| parse_type(ty).unwrap_or_else(|error| panic!("{error}"))).collect())
}

impl File {
    /// The function to compile: the first with types, or else without parameters; its types.
    pub fn entry(&self) -> (usize, Vec<Type>) {
        let typed = self.defs.iter().position(|def| def.args.is_some());
        let entry = typed.or_else(|| self.defs.iter().position(|def| def.params().is_empty()));
        let entry = entry.unwrap_or_else(|| panic!("{} has no function to compile", self.name));
        (entry, self.defs[entry].args.clone().unwrap_or_default())
    }

    /// An import, a constant, a class or a declaration.
    fn global(&mut self, line: &str) {
        let words: Vec<&str> = line.split([' ', ',', ':', '(']).filter(|word| !word.is_empty()).collect();
        let (name, binding) = match words.as_slice() {
            ["import", module, "as", name] => (*name, Binding::KnownModule((*module).to_owned())),
            ["import", module] => (*module, Binding::KnownModule((*module).to_owned())),
            ["from", module, "import", names @ ..] => {
                for name in names {
                    self.names.insert((*name).to_owned(), Binding::Known(format!("{module}.{name}")));
                }
                return;
            }
            ["class", name, ..] => {
                self.objects.push((*name).to_owned());
                (*name, Binding::Exception(self.objects.len() as u32 - 1))
            }
            _ => {
                if let Some((name, value)) = line.split_once(" = ") {
                    let value = value::parse(value);
                    if let Value::Array { .. } = value {
                        self.hidden.push(value::type_of(&value));
                        self.globals.push(value);
                        let index = self.hidden.len() as u32 - 1;
                        self.names.insert(name.to_owned(), Binding::Hidden(index));
                        return;
                    }
                    self.names.insert(name.to_owned(), binding(&value));
                    return;
                }
                let (name, ty) = line.split_once(": ").unwrap_or_else(|| panic!("not understood: {line}"));
                // What the border makes of values that have no meaning in compiled code.
                if let Some(ty) = ty.trim_matches('"').strip_prefix("unsupported ") {
                    self.names.insert(name.to_owned(), Binding::Unsupported(ty.to_owned()));
                    return;
                }
                if ty.trim_matches('"') == "namespace" {
                    self.names.insert(name.to_owned(), Binding::Module(BTreeMap::new()));
                    return;
                }
                let ty = parse_type(ty.trim_matches('"')).unwrap_or_else(|error| panic!("{error}"));
                self.hidden.push(ty);
                (name, Binding::Hidden(self.hidden.len() as u32 - 1))
            }
        };
        self.names.insert(name.to_owned(), binding);
    }

    /// The environment in which `defs[entry]` is compiled.
    pub fn env(&self, entry: usize) -> Env {
        // The entry comes first.
        let place = |index: usize| match index {
            0 => entry,
            _ if index == entry => 0,
            _ => index,
        };
        let mut names = self.names.clone();
        for binding in names.values_mut() {
            if let Binding::Function(index) = binding {
                *index = place(*index as usize) as u32;
            }
        }
        let sources = (0..self.defs.len()).map(|index| {
            let def = &self.defs[place(index)];
            Source {
                name: def.name.clone(),
                text: SourceText {
                    file: self.name.clone(),
                    first_line: def.line as u32 + 1,
                    text: def.text.clone(),
                },
                names: names.clone(),
                defaults: self.defaults(def),
                ..Source::default()
            }
        });
        Env {
            sources: sources.collect(),
            hidden: self.hidden.clone(),
            objects: self.objects.clone(),
            optimised: false,
            python_minor: 11,
            numpy: Some((2, 3)),
        }
    }

    fn defaults(&self, def: &Def) -> BTreeMap<String, Binding> {
        def.defaults().into_iter().map(|(name, value)| (name, binding(&value))).collect()
    }
}

impl Def {
    /// Defaults written as constants, `b=2`, in the first line: names and values in order.
    pub fn defaults(&self) -> Vec<(String, Value)> {
        let pairs = self.params().split(", ").filter_map(|param| param.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value::parse(value))).collect()
    }

    /// The arguments of a call with the defaults of those that were left out.
    pub fn complete(&self, mut args: Vec<Value>) -> Vec<Value> {
        let count = self.params().split(',').filter(|param| !param.trim().is_empty()).count();
        let mut defaults = self.defaults();
        let missing = count.saturating_sub(args.len()).min(defaults.len());
        args.extend(defaults.drain(defaults.len() - missing..).map(|(_, value)| value));
        args
    }

    /// What stands between the parentheses of `def`.
    fn params(&self) -> &str {
        let head = self.text.lines().next().expect("a function has a line");
        head.split_once('(').map_or("", |(_, list)| list.rsplit_once(')').map_or("", |(list, _)| list))
    }
}

fn binding(value: &Value) -> Binding {
    match value {
        Value::None => Binding::None,
        Value::Scalar(scalar, value) => Binding::Scalar(*scalar, *value),
        Value::Str(text) => Binding::Str(text.clone()),
        Value::Tuple(items) => Binding::Tuple(items.iter().map(binding).collect()),
        Value::List(_) => panic!("a list names nothing in a program"),
        Value::Array { .. } => panic!("an array is declared by its type"),
    }
}
