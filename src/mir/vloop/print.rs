//! Readable text of a vector loop.
//!
//! In: a `VLoop`. Out: a line for each node and reduction, lanes named `l0`, `l1`, inputs by their values.

use super::*;
use crate::mir::print::type_name;
use std::fmt::Write;

pub fn print(vloop: &VLoop) -> String {
    let mut out = String::new();
    for (index, node) in vloop.nodes.iter().enumerate() {
        let ty = type_name(node.ty);
        let text = match &node.op {
            NodeOp::Splat(input) => format!("splat {}", name(vloop, *input)),
            NodeOp::Const(bits) => format!("const {bits:#x}"),
            NodeOp::Counter => "counter".to_string(),
            NodeOp::Unary { op, arg } => format!("{} l{}", lower_case(op), arg.0),
            NodeOp::Binary { op, lhs, rhs } => format!("{} l{}, l{}", lower_case(op), lhs.0, rhs.0),
            NodeOp::Compare { cond, lhs, rhs } => {
                format!("cmp.{} l{}, l{}", lower_case(cond), lhs.0, rhs.0)
            }
            NodeOp::Select { cond, then, orelse } => {
                format!("select l{}, l{}, l{}", cond.0, then.0, orelse.0)
            }
            NodeOp::Convert { op, arg } => format!("{} l{}", lower_case(op), arg.0),
            NodeOp::Math { func, args } => {
                let args: Vec<String> = args.iter().map(|lane| format!("l{}", lane.0)).collect();
                format!("math.{} {}", lower_case(func), args.join(", "))
            }
            NodeOp::Otherwise { func, args, ok, value } => {
                let args: Vec<String> = args.iter().map(|lane| format!("l{}", lane.0)).collect();
                format!("math.{} {} unless l{}: l{}", lower_case(func), args.join(", "), ok.0, value.0)
            }
            NodeOp::Load { at, mask } => format!("load {}{}", place(vloop, at), when(*mask)),
            NodeOp::Store { at, value, mask } => {
                let _ = writeln!(out, "{ty}: store {} = l{}{}", place(vloop, at), value.0, when(*mask));
                continue;
            }
        };
        let _ = writeln!(out, "l{index}: {ty} = {text}");
    }
    for check in &vloop.checks {
        let _ = writeln!(out, "check l{} before l{}", check.cond.0, check.before.0);
    }
    for reduction in &vloop.reductions {
        let combine = match reduction.combine {
            Combine::Op(op) => lower_case(op),
            Combine::Greater => "greater".to_string(),
            Combine::Less => "less".to_string(),
            Combine::Best { cond, key } => format!("best.{} {key} of", lower_case(cond)),
        };
        let ordered = if reduction.ordered { " in order" } else { "" };
        let _ = writeln!(out, "reduce {combine} l{}{ordered}", reduction.value.0);
    }
    out
}

fn lower_case(name: impl std::fmt::Debug) -> String {
    format!("{name:?}").to_lowercase()
}

fn name(vloop: &VLoop, input: Input) -> Value {
    vloop.inputs[input.0 as usize].0
}

fn when(mask: Option<Lane>) -> String {
    mask.map_or(String::new(), |mask| format!(" where l{}", mask.0))
}

fn place(vloop: &VLoop, place: &Place) -> String {
    let mut out = format!("{}[{}", place.mem, name(vloop, place.base));
    for (input, factor) in &place.terms {
        let _ = write!(out, " + {}*{factor}", name(vloop, *input));
    }
    match place.stride {
        Stride::Known(0) => {}
        Stride::Known(bytes) => {
            let _ = write!(out, " + i*{bytes}");
        }
        Stride::Input(input, factor) => {
            let _ = write!(out, " + i*{}*{factor}", name(vloop, input));
        }
        Stride::Index(lane, scale) => {
            let _ = write!(out, " + l{}*{scale}", lane.0);
        }
    }
    if place.disp != 0 {
        let _ = write!(out, " {} {}", if place.disp < 0 { '-' } else { '+' }, place.disp.unsigned_abs());
    }
    out.push(']');
    out
}
