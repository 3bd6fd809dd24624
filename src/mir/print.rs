//! Readable text of MIR.
//!
//! In: a module or a function. Out: text in which entities have the names that dumps and the verifier use,
//! every result has its type, and nesting is indentation. Invariant: the same MIR gives the same text.

use super::*;
use std::fmt::Write;

/// The whole module, with the sites that errors refer to.
pub fn module(module: &Module) -> String {
    let mut out = String::new();
    for (index, func) in module.funcs.items.iter().enumerate() {
        let _ = write!(out, "fn{index} ");
        out.push_str(&function(func));
    }
    if !module.hidden.is_empty() {
        let words: Vec<&str> = module.hidden.iter().map(|ty| type_name(*ty)).collect();
        let _ = writeln!(out, "hidden: {}", words.join(", "));
    }
    for (index, site) in module.sites.items.iter().enumerate() {
        let _ = writeln!(out, "site{index}: {}", site_text(site));
    }
    out
}

/// One line on a site: class, arguments, frames innermost first as `source:line`.
pub fn site_text(site: &Site) -> String {
    let mut out = String::new();
    match site.exc {
        Some(exc) => {
            let _ = write!(out, "{exc:?}{:?}", site.args);
        }
        None => out.push_str("call"),
    }
    out.push_str(" at");
    for frame in &site.frames {
        let _ = write!(out, " {}:{}", frame.source, frame.line);
    }
    out
}

/// Name of a machine type.
pub fn type_name(ty: Ty) -> &'static str {
    match ty {
        Ty::Bool => "bool",
        Ty::I8 => "i8",
        Ty::I16 => "i16",
        Ty::I32 => "i32",
        Ty::I64 => "i64",
        Ty::F32 => "f32",
        Ty::F64 => "f64",
        Ty::Ptr => "ptr",
    }
}

/// One function.
pub fn function(func: &Function) -> String {
    let mut printer = Printer { func, out: String::new() };
    let params = printer.typed(&func.regions[func.body].params);
    let results: Vec<&str> = func.results.iter().map(|ty| type_name(*ty)).collect();
    let _ = write!(printer.out, "{}({params}) -> ({})", func.name, results.join(", "));
    match func.kind {
        FuncKind::Normal => {}
        FuncKind::Chunk { .. } => printer.out.push_str(" chunk"),
    }
    let _ = write!(printer.out, " source {}", func.source);
    if let Some(site) = func.stack_check {
        let _ = write!(printer.out, " stack_check {site}");
    }
    if func.owner_slots > 0 {
        let _ = write!(printer.out, " owners {}", func.owner_slots);
    }
    for (index, bytes) in func.stack_slots.items.iter().enumerate() {
        let _ = write!(printer.out, " ss{index}[{bytes}]");
    }
    printer.out.push_str(" {\n");
    printer.region(func.body, 1);
    printer.out.push_str("}\n");
    printer.out
}

/// One instruction, without the regions below it.
pub fn inst(func: &Function, inst: Inst) -> String {
    let mut printer = Printer { func, out: String::new() };
    printer.head(inst);
    printer.out
}

struct Printer<'a> {
    func: &'a Function,
    out: String,
}

fn list(values: &[Value]) -> String {
    let words: Vec<String> = values.iter().map(Value::to_string).collect();
    words.join(", ")
}

fn address(addr: &Address) -> String {
    let mut out = format!("[{}", addr.base);
    if let Some((index, scale)) = addr.index {
        let _ = write!(out, " + {index}*{scale}");
    }
    if addr.disp != 0 {
        let _ = write!(out, " {} {}", if addr.disp < 0 { '-' } else { '+' }, addr.disp.unsigned_abs());
    }
    out.push(']');
    out
}

fn failure(fail: &Fail) -> String {
    let road = if fail.deopt { "deopt" } else { "raise" };
    if fail.payload.is_empty() {
        format!("{road} {}", fail.site)
    } else {
        format!("{road} {}({})", fail.site, list(&fail.payload))
    }
}

fn lower_case(name: impl std::fmt::Debug) -> String {
    format!("{name:?}").to_lowercase()
}

impl Printer<'_> {
    fn typed(&self, values: &[Value]) -> String {
        let words: Vec<String> = values
            .iter()
            .map(|value| match self.func.values.items.get(value.0 as usize) {
                Some(data) => format!("{value}: {}", type_name(data.ty)),
                None => format!("{value}: ?"),
            })
            .collect();
        words.join(", ")
    }

    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.out.push_str("  ");
        }
    }

    fn region(&mut self, region: Region, depth: usize) {
        let data = &self.func.regions[region];
        for inst in &data.insts {
            self.indent(depth);
            self.head(*inst);
            self.nested(*inst, depth);
            self.out.push('\n');
        }
        self.indent(depth);
        let text = match &data.end {
            End::Yield(args) => format!("yield {}", list(args)),
            End::Continue { to, args } => format!("continue {to} {}", list(args)),
            End::Break { to, args } => format!("break {to} {}", list(args)),
            End::Return(args) => format!("return {}", list(args)),
            End::Fail(fail) => failure(fail),
            End::Unreachable => "unreachable".to_string(),
        };
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// The regions of a structured instruction, after its head.
    fn nested(&mut self, inst: Inst, depth: usize) {
        let (first, second) = match &self.func.insts[inst].op {
            Op::Block { body } | Op::For { body, .. } | Op::Loop { body, .. } => (*body, None),
            Op::If { then, orelse, .. } => (*then, Some(*orelse)),
            Op::Iconst(_)
            | Op::Fconst(_)
            | Op::Unary { .. }
            | Op::Binary { .. }
            | Op::Checked { .. }
            | Op::Compare { .. }
            | Op::Select { .. }
            | Op::Convert { .. }
            | Op::Math { .. }
            | Op::PtrAdd { .. }
            | Op::Load { .. }
            | Op::Store { .. }
            | Op::Hidden { .. }
            | Op::StackAddr(_)
            | Op::FuncAddr(_)
            | Op::Guard { .. }
            | Op::OwnerSet { .. }
            | Op::OwnerTake { .. }
            | Op::Runtime { .. }
            | Op::RuntimeStatus { .. }
            | Op::Call { .. } => return,
        };
        self.braced(first, depth);
        if let Some(second) = second {
            self.out.push_str(" else");
            self.braced(second, depth);
        }
    }

    fn braced(&mut self, region: Region, depth: usize) {
        let rare = if self.func.regions[region].rare { " rare" } else { "" };
        let copies = match self.func.regions[region].copies {
            Some(Copies::Turn) => " turn",
            Some(Copies::Rest) => " rest",
            None => "",
        };
        let limit = match self.func.regions[region].limit {
            Some(Limit::Few) => " few",
            Some(Limit::Strip) => " strip",
            None => "",
        };
        let _ = writeln!(self.out, "{rare}{copies}{limit} {{ {region}");
        self.region(region, depth + 1);
        self.indent(depth);
        self.out.push('}');
    }

    /// `carried = init` pairs of a loop.
    fn carried(&self, body: Region, init: &[Value], skip: usize) -> String {
        let params = self.func.regions[body].params.get(skip..).unwrap_or(&[]);
        let pairs: Vec<String> = (0..params.len().max(init.len()))
            .map(|k| {
                let param = params.get(k).map_or("?".to_string(), |value| self.typed(&[*value]));
                let start = init.get(k).map_or("?".to_string(), Value::to_string);
                format!("{param} = {start}")
            })
            .collect();
        pairs.join(", ")
    }

    fn head(&mut self, inst: Inst) {
        let data = &self.func.insts[inst];
        if !data.results.is_empty() {
            let results = self.typed(&data.results);
            let _ = write!(self.out, "{results} = ");
        }
        let text = match &data.op {
            Op::Iconst(value) => format!("iconst {value}"),
            Op::Fconst(bits) => {
                let single = data.results.first().is_some_and(|v| self.func.values[*v].ty == Ty::F32);
                let shown =
                    if single { f64::from(f32::from_bits(*bits as u32)) } else { f64::from_bits(*bits) };
                format!("fconst {shown:?} ({bits:#x})")
            }
            Op::Unary { op, arg } => format!("{} {arg}", lower_case(op)),
            Op::Binary { op, lhs, rhs } => format!("{} {lhs}, {rhs}", lower_case(op)),
            Op::Checked { op, lhs, rhs } => format!("checked.{} {lhs}, {rhs}", lower_case(op)),
            Op::Compare { cond, lhs, rhs } => format!("cmp.{} {lhs}, {rhs}", lower_case(cond)),
            Op::Select { cond, then, orelse } => format!("select {cond}, {then}, {orelse}"),
            Op::Convert { op, arg } => format!("{} {arg}", lower_case(op)),
            Op::Math { func, args, near, known } => {
                let near = if *near { "near." } else { "" };
                let known = known.map_or(String::new(), |(cond, value)| format!(" unless {cond}: {value}"));
                format!("math.{near}{} {}{known}", lower_case(func), list(args))
            }
            Op::PtrAdd { base, bytes } => format!("ptr_add {base}, {bytes}"),
            Op::Load { mem, addr } => format!("load {mem}{}", address(addr)),
            Op::Store { mem, addr, value } => format!("store {mem}{} = {value}", address(addr)),
            Op::Hidden { word } => format!("hidden {word}"),
            Op::StackAddr(slot) => format!("stack_addr {slot}"),
            Op::FuncAddr(func) => format!("func_addr {func}"),
            Op::Guard { cond, fail } => format!("guard {cond} else {}", failure(fail)),
            Op::OwnerSet { slot, value } => format!("owner_set {slot} = {value}"),
            Op::OwnerTake { slot } => format!("owner_take {slot}"),
            Op::Runtime { func, args } => format!("runtime {func:?}({})", list(args)),
            Op::RuntimeStatus { func, args } => format!("runtime? {func:?}({})", list(args)),
            Op::Call { func, args, site, after_effect } => {
                let after = if *after_effect { " after_effect" } else { "" };
                format!("call {func}({}) {site}{after}", list(args))
            }
            Op::Block { .. } => format!("block {inst}"),
            Op::If { cond, .. } => format!("if {cond}"),
            Op::For { lo, hi, init, body, mode } => {
                let iv = self.func.regions[*body].params.first().map_or("?".to_string(), Value::to_string);
                let mut text = format!("for {inst} {iv} in {lo}..{hi}");
                if !init.is_empty() {
                    let _ = write!(text, " ({})", self.carried(*body, init, 1));
                }
                match mode {
                    LoopMode::Serial => {}
                    LoopMode::Vector { lanes, reassoc, rows } => {
                        text.push_str(" vector");
                        if *lanes != u32::MAX {
                            let _ = write!(text, " {lanes}");
                        }
                        if *reassoc {
                            text.push_str(" reassoc");
                        }
                        text.push_str(match rows {
                            Rows::Any => "",
                            Rows::Long => " long",
                            Rows::Short => " short",
                        });
                    }
                    LoopMode::Parallel { reductions, written } => {
                        text.push_str(if *written { " parallel" } else { " split" });
                        for reduction in reductions {
                            let how = match reduction.combine {
                                Combine::Op(op) => lower_case(op),
                                Combine::Extreme { cond, mirrored } => {
                                    let side = if mirrored { "later" } else { "ours" };
                                    format!("extreme.{} {side}", lower_case(cond))
                                }
                                Combine::Best { cond, key } => format!("best.{} {key}", lower_case(cond)),
                            };
                            let _ = write!(text, " {how}({:#x})", reduction.neutral);
                        }
                    }
                }
                text
            }
            Op::Loop { init, body } => {
                format!("loop {inst} ({})", self.carried(*body, init, 0))
            }
        };
        self.out.push_str(&text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mir::build::Builder;

    #[test]
    fn a_loop_prints_and_verifies() {
        let mut b = Builder::new("f", 0, &[Ty::I64], vec![Ty::I64]);
        let (zero, one) = (b.i64(0), b.i64(1));
        let n = b.params(Region(0))[0];
        let (body, params) = b.open(&[Ty::I64, Ty::I64]);
        let next = b.binary(BinaryOp::Iadd, params[1], one);
        b.close(End::Yield(vec![next]));
        let mode = LoopMode::Serial;
        let inst = b.inst(Op::For { lo: zero, hi: n, init: vec![zero], body, mode }, &[Ty::I64]);
        let result = b.func.insts[inst].results[0];
        b.close(End::Return(vec![result]));
        let mut module = Module::default();
        module.funcs.push(b.finish());
        assert_eq!(verify::verify(&module), Ok(()));
        let text = super::module(&module);
        assert!(text.contains("v6: i64 = for i3 v3 in v1..v0 (v4: i64 = v1) {"), "{text}");
        // A value used outside its region is found.
        let func = &mut module.funcs.items[0];
        func.regions[Region(0)].end = End::Return(vec![next]);
        assert!(verify::verify(&module).is_err_and(|text| text.contains("not in scope")));
    }
}
