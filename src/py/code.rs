//! What bytecode says without being parsed: the names it uses, and its identity.
//!
//! In: a code object. Out: `Used` names (nested functions included) and a hash. Invariant: the hash depends
//! on what the code does and on its line numbers relative to its first line, not on where it stands, so
//! that moved code keeps its cache entry.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyComplex, PyFloat, PyFrozenSet, PyString, PyTuple};
use std::collections::BTreeMap;

/// Attributes that code reads from a name, and from those in turn: `a.b.c` and `a.d` are `{b: {c}, d}` of
/// `a`. Attributes of anything but names (results of calls, say) are in no path.
#[derive(Clone, Default, Debug)]
pub struct Paths(pub BTreeMap<String, Paths>);

/// The names that code refers to, with the attributes read from them.
#[derive(Default)]
pub struct Used {
    /// Loaded from the globals or the builtins.
    pub globals: Paths,
    /// Loaded from cells: closure variables, and locals that inner functions share.
    pub cells: Paths,
}

/// The names used by a code object and by the functions defined in it.
pub fn used_names(code: &Bound<'_, PyAny>) -> PyResult<Used> {
    let mut used = Used::default();
    add_names(code, &mut used)?;
    Ok(used)
}

/// Opcode numbers of the running interpreter, 0 where it has none, and how many low bits of the argument
/// are flags.
struct Opcodes {
    load_global: (u8, u32),
    load_attr: (u8, u32),
    load_method: u8,
    load_deref: u8,
    extended_arg: u8,
    /// Padding after an instruction (3.11 and later).
    has_cache: bool,
}

static OPCODES: PyOnceLock<Opcodes> = PyOnceLock::new();

fn opcodes(py: Python<'_>) -> PyResult<&Opcodes> {
    OPCODES.get_or_try_init(py, || {
        let minor = py.version_info().minor;
        // Importing `opcode` takes longer than compiling a function, so the known numbers are here: in the
        // order of the fields.
        let known = match minor {
            10 => Some((116, 106, 160, 136, 144)),
            11 => Some((116, 106, 160, 137, 144)),
            12 => Some((116, 106, 0, 137, 144)),
            13 => Some((91, 82, 0, 84, 71)),
            _ => None,
        };
        let (global, attr, load_method, load_deref, extended_arg) = match known {
            Some(numbers) => numbers,
            None => {
                let map = py.import("opcode")?.getattr("opmap")?;
                let number = |name: &str| map.get_item(name)?.extract::<u8>();
                (
                    number("LOAD_GLOBAL")?,
                    number("LOAD_ATTR")?,
                    0,
                    number("LOAD_DEREF")?,
                    number("EXTENDED_ARG")?,
                )
            }
        };
        Ok(Opcodes {
            load_global: (global, u32::from(minor >= 11)),
            load_attr: (attr, u32::from(minor >= 12)),
            load_method,
            load_deref,
            extended_arg,
            has_cache: minor >= 11,
        })
    })
}

/// What an instruction says about names.
enum Step {
    Global(usize),
    Cell(usize),
    Attribute(usize),
    Padding,
    Other,
}

fn add_names(code: &Bound<'_, PyAny>, used: &mut Used) -> PyResult<()> {
    let opcodes = opcodes(code.py())?;
    let names: Vec<String> = code.getattr("co_names")?.extract()?;
    let cells = cell_names(code, opcodes.has_cache)?;
    let bytes = code.getattr("co_code")?.cast_into::<PyBytes>()?;
    let mut argument = 0usize;
    // The name last loaded and the attributes read from it, as long as nothing else comes in between.
    let mut path: Vec<String> = Vec::new();
    let mut from_cell = false;
    for unit in bytes.as_bytes().chunks_exact(2) {
        argument = argument << 8 | usize::from(unit[1]);
        let op = unit[0];
        if op == opcodes.extended_arg {
            continue;
        }
        let step = match op {
            0 if opcodes.has_cache => Step::Padding,
            _ if op == opcodes.load_global.0 => Step::Global(argument >> opcodes.load_global.1),
            _ if op == opcodes.load_attr.0 => Step::Attribute(argument >> opcodes.load_attr.1),
            _ if op == opcodes.load_method && op != 0 => Step::Attribute(argument),
            _ if op == opcodes.load_deref => Step::Cell(argument),
            _ => Step::Other,
        };
        argument = 0;
        match step {
            Step::Padding => continue,
            Step::Global(index) => {
                from_cell = false;
                path = names.get(index).cloned().into_iter().collect();
            }
            Step::Cell(index) => {
                from_cell = true;
                path = cells.get(index).cloned().into_iter().collect();
            }
            Step::Attribute(index) if !path.is_empty() => path.extend(names.get(index).cloned()),
            Step::Attribute(_) | Step::Other => path.clear(),
        }
        let mut node = if from_cell { &mut used.cells } else { &mut used.globals };
        for name in &path {
            node = node.0.entry(name.clone()).or_default();
        }
    }
    for constant in code.getattr("co_consts")?.cast_into::<PyTuple>()?.iter() {
        if constant.get_type().is(code.get_type()) {
            add_names(&constant, used)?;
        }
    }
    Ok(())
}

/// Names by the argument of `LOAD_DEREF`: from 3.11 on, cells are numbered after the locals, without those
/// that are parameters at the same time.
fn cell_names(code: &Bound<'_, PyAny>, after_locals: bool) -> PyResult<Vec<String>> {
    let names = |name: &str| -> PyResult<Vec<String>> { code.getattr(name)?.extract() };
    let mut all = if after_locals { names("co_varnames")? } else { Vec::new() };
    for cell in names("co_cellvars")? {
        if !after_locals || !all.contains(&cell) {
            all.push(cell);
        }
    }
    all.extend(names("co_freevars")?);
    Ok(all)
}

/// Identity of the code: bytecode, constants by type and bits, names, relative lines.
pub fn hash(code: &Bound<'_, PyAny>) -> PyResult<[u8; 32]> {
    let mut bytes = Vec::with_capacity(4096);
    add_code(code, &mut bytes)?;
    Ok(*blake3::hash(&bytes).as_bytes())
}

fn add_code(code: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> PyResult<()> {
    let py = code.py();
    for name in [intern!(py, "co_code"), intern!(py, "co_linetable")] {
        let bytes = code.getattr(name)?.cast_into::<PyBytes>()?;
        add_bytes(bytes.as_bytes(), out);
    }
    let counts = [
        intern!(py, "co_argcount"),
        intern!(py, "co_posonlyargcount"),
        intern!(py, "co_kwonlyargcount"),
        intern!(py, "co_flags"),
    ];
    for name in counts {
        out.extend(code.getattr(name)?.extract::<u64>()?.to_le_bytes());
    }
    let names = [
        intern!(py, "co_names"),
        intern!(py, "co_varnames"),
        intern!(py, "co_freevars"),
        intern!(py, "co_cellvars"),
        intern!(py, "co_name"),
        intern!(py, "co_consts"),
    ];
    for name in names {
        add_constant(&code.getattr(name)?, out)?;
    }
    Ok(())
}

fn add_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend((bytes.len() as u64).to_le_bytes());
    out.extend(bytes);
}

/// What a constant is, before its value.
#[derive(Clone, Copy)]
enum Tag {
    Text,
    Tuple,
    Float,
    Bytes,
    Complex,
    Set,
    Code,
    Other,
}

/// A constant: its type, then its value; floats by their bits.
fn add_constant(value: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> PyResult<()> {
    let tag = |out: &mut Vec<u8>, tag: Tag| out.push(tag as u8);
    if value.is_exact_instance_of::<PyString>() {
        tag(out, Tag::Text);
        add_bytes(value.extract::<std::borrow::Cow<'_, str>>()?.as_bytes(), out);
    } else if let Ok(tuple) = value.cast_exact::<PyTuple>() {
        tag(out, Tag::Tuple);
        out.extend((tuple.len() as u64).to_le_bytes());
        for item in tuple.iter() {
            add_constant(&item, out)?;
        }
    } else if value.is_exact_instance_of::<PyFloat>() {
        tag(out, Tag::Float);
        out.extend(value.extract::<f64>()?.to_bits().to_le_bytes());
    } else if let Ok(bytes) = value.cast_exact::<PyBytes>() {
        tag(out, Tag::Bytes);
        add_bytes(bytes.as_bytes(), out);
    } else if value.is_exact_instance_of::<PyComplex>() {
        tag(out, Tag::Complex);
        for part in ["real", "imag"] {
            out.extend(value.getattr(part)?.extract::<f64>()?.to_bits().to_le_bytes());
        }
    } else if value.is_exact_instance_of::<PyFrozenSet>() {
        tag(out, Tag::Set);
        // The order of a set is not the same in every process.
        let mut items = Vec::new();
        for item in value.try_iter()? {
            let mut one = Vec::new();
            add_constant(&item?, &mut one)?;
            items.push(one);
        }
        items.sort_unstable();
        out.extend((items.len() as u64).to_le_bytes());
        items.iter().for_each(|item| add_bytes(item, out));
    } else {
        let name = value.get_type().name()?;
        let name = name.to_cow()?;
        if name == "code" {
            tag(out, Tag::Code);
            return add_code(value, out);
        }
        tag(out, Tag::Other);
        add_bytes(name.as_bytes(), out);
        add_bytes(value.repr()?.to_cow()?.as_bytes(), out);
    }
    Ok(())
}
