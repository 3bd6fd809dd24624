//! What bytecode says without being parsed: the names it uses, and its identity.
//!
//! In: a code object. Out: `Used` names (nested functions included) and a hash. Invariant: the hash depends
//! on what the code does and on its line numbers relative to its first line, not on where it stands, so
//! that moved code keeps its cache entry.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyTuple};
use std::collections::BTreeSet;

/// The names that code refers to.
#[derive(Default)]
pub struct Used {
    /// Loaded from the globals or the builtins.
    pub globals: BTreeSet<String>,
    /// Every other name: attributes and methods.
    pub attributes: BTreeSet<String>,
}

/// The names used by a code object and by the functions defined in it.
pub fn used_names(code: &Bound<'_, PyAny>) -> PyResult<Used> {
    let mut used = Used::default();
    add_names(code, &mut used)?;
    Ok(used)
}

/// Opcode numbers of the running interpreter.
struct Opcodes {
    load_global: u8,
    extended_arg: u8,
    /// `LOAD_GLOBAL`'s argument holds a flag in its lowest bit (3.11 and later).
    shift: u32,
}

static OPCODES: PyOnceLock<Opcodes> = PyOnceLock::new();

fn opcodes(py: Python<'_>) -> PyResult<&Opcodes> {
    OPCODES.get_or_try_init(py, || {
        // Importing `opcode` takes longer than compiling a function, so the known numbers are here.
        let known = match py.version_info().minor {
            10..=12 => Some((116, 144)),
            13 => Some((91, 71)),
            _ => None,
        };
        let shift = u32::from(py.version_info() >= (3, 11));
        if let Some((load_global, extended_arg)) = known {
            return Ok(Opcodes { load_global, extended_arg, shift });
        }
        let map = py.import("opcode")?.getattr("opmap")?;
        let number = |name: &str| map.get_item(name)?.extract();
        Ok(Opcodes { load_global: number("LOAD_GLOBAL")?, extended_arg: number("EXTENDED_ARG")?, shift })
    })
}

fn add_names(code: &Bound<'_, PyAny>, used: &mut Used) -> PyResult<()> {
    let opcodes = opcodes(code.py())?;
    let names: Vec<String> = code.getattr("co_names")?.extract()?;
    let bytes = code.getattr("co_code")?.cast_into::<PyBytes>()?;
    let mut argument = 0usize;
    for unit in bytes.as_bytes().chunks_exact(2) {
        argument = argument << 8 | usize::from(unit[1]);
        if unit[0] == opcodes.extended_arg {
            continue;
        }
        if unit[0] == opcodes.load_global
            && let Some(name) = names.get(argument >> opcodes.shift)
        {
            used.globals.insert(name.clone());
        }
        argument = 0;
    }
    used.attributes.extend(names);
    for constant in code.getattr("co_consts")?.cast_into::<PyTuple>()?.iter() {
        if constant.get_type().is(code.get_type()) {
            add_names(&constant, used)?;
        }
    }
    Ok(())
}

/// Identity of the code: bytecode, constants by type and bits, names, relative lines.
pub fn hash(code: &Bound<'_, PyAny>) -> PyResult<[u8; 32]> {
    let mut hasher = blake3::Hasher::new();
    add_code(code, &mut hasher)?;
    Ok(*hasher.finalize().as_bytes())
}

fn add_code(code: &Bound<'_, PyAny>, hasher: &mut blake3::Hasher) -> PyResult<()> {
    for name in ["co_code", "co_linetable"] {
        let bytes = code.getattr(name)?.cast_into::<PyBytes>()?;
        add_bytes(bytes.as_bytes(), hasher);
    }
    for name in ["co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_flags"] {
        hasher.update(&code.getattr(name)?.extract::<u64>()?.to_le_bytes());
    }
    for name in ["co_names", "co_varnames", "co_freevars", "co_cellvars"] {
        add_constant(&code.getattr(name)?, hasher)?;
    }
    add_constant(&code.getattr("co_name")?, hasher)?;
    add_constant(&code.getattr("co_consts")?, hasher)
}

fn add_bytes(bytes: &[u8], hasher: &mut blake3::Hasher) {
    hasher.update(&(bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

/// A constant: its type's name, then its value; floats by their bits.
fn add_constant(value: &Bound<'_, PyAny>, hasher: &mut blake3::Hasher) -> PyResult<()> {
    let name = value.get_type().name()?.to_string();
    add_bytes(name.as_bytes(), hasher);
    match name.as_str() {
        "code" => add_code(value, hasher)?,
        "tuple" => {
            let tuple = value.cast::<PyTuple>()?;
            hasher.update(&(tuple.len() as u64).to_le_bytes());
            for item in tuple.iter() {
                add_constant(&item, hasher)?;
            }
        }
        "frozenset" => {
            // The order of a set is not the same in every process.
            let mut items = Vec::new();
            for item in value.try_iter()? {
                let mut one = blake3::Hasher::new();
                add_constant(&item?, &mut one)?;
                items.push(*one.finalize().as_bytes());
            }
            items.sort_unstable();
            items.iter().for_each(|item| add_bytes(item, hasher));
        }
        "float" => {
            hasher.update(&value.extract::<f64>()?.to_bits().to_le_bytes());
        }
        "complex" => {
            for part in ["real", "imag"] {
                hasher.update(&value.getattr(part)?.extract::<f64>()?.to_bits().to_le_bytes());
            }
        }
        "bytes" => add_bytes(value.cast::<PyBytes>()?.as_bytes(), hasher),
        "str" => add_bytes(value.extract::<std::borrow::Cow<'_, str>>()?.as_bytes(), hasher),
        _ => add_bytes(value.repr()?.to_cow()?.as_bytes(), hasher),
    }
    Ok(())
}
