//! Value numbering: a pure operation or load whose result is already at hand is not done again, and a
//! condition that is known here is a constant.
//!
//! Precondition: none. Effect: scoped by nesting: what was computed in an enclosing region is at hand, what
//! was computed in a sibling is not. A guard's condition is true behind it, an `If`'s is true in `then`
//! and false in `orelse`; a load is at hand until its memory may be written; results of an `If` that are
//! equal in both arms are one, and what both arms begin with is done before them; what follows a block has
//! at hand what was computed in it wherever it is left (the element at which a search stops). Linear.
//!
//! ```text
//! v3 = cmp.ult v1, v2;  guard v3 else raise site0;  ...  v7 = cmp.ult v1, v2;  guard v7 else raise site1
//! ->  the second comparison is true and `simplify` drops its guard
//! ```

use super::algebra::commutes;
use crate::mir::effect::{self, Effect, def_op, effect};
use crate::mir::walk::{self, Substitution};
use crate::mir::*;
use crate::options::Options;
use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::{SmallVec, smallvec};

/// What makes two operations the same; operands are already numbered.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Key {
    Iconst(Ty, i64),
    Fconst(Ty, u64),
    Unary(UnaryOp, Value),
    Binary(BinaryOp, Value, Value),
    Checked(CheckedOp, Value, Value),
    Compare(Cond, Value, Value),
    Select(Value, Value, Value),
    Convert(ConvertOp, Ty, Value),
    Math(MathFn, Vec<Value>, bool, Option<(Value, Value)>),
    PtrAdd(Value, Value),
    Hidden(u32),
    StackAddr(StackSlot),
    FuncAddr(Func),
    Runtime(RuntimeFn, Vec<Value>),
    /// With the number of writes to the memory so far.
    Load(Mem, Address, Ty, u32),
}

/// So many instructions at the beginning of two arms are compared.
const BEGINS: usize = 8;
/// So many of the newest operations in a block are kept for what follows it.
const MOST_AT_HAND: usize = 24;

struct Numbering<'a> {
    func: &'a mut Function,
    subst: Substitution,
    table: FxHashMap<Key, Results>,
    /// What the table held before, to be restored at the end of a scope.
    undo: Vec<(Key, Option<Results>)>,
    /// Conditions known here.
    known: FxHashMap<Value, bool>,
    known_undo: Vec<(Value, Option<bool>)>,
    /// Version of each memory, and of all of them together.
    versions: FxHashMap<Mem, u32>,
    next_version: u32,
    all: u32,
    /// What each structured operation writes; nothing here changes that.
    written: FxHashMap<Inst, Written>,
    /// What was brought by jumps to blocks around this place, if more than one value.
    brought: FxHashMap<Inst, Vec<Vec<Value>>>,
    /// What is at hand at each way out of the blocks around this place, and of those in front of it.
    exits: FxHashMap<Inst, AtExits>,
    changed: bool,
}

/// Memory that a region may change.
#[derive(Default)]
struct Written {
    /// Without repetition.
    mems: SmallVec<[Mem; 4]>,
    all: bool,
}

/// What is at hand wherever a block is left.
#[derive(Default)]
struct AtExits {
    /// Length of `undo` where the block begins.
    mark: usize,
    /// The regions that leave it.
    ways: Vec<Region>,
    /// Operations in the block, with what is known of their truth.
    at_hand: FxHashMap<Key, (Results, Option<bool>)>,
}

/// Runs the pass.
pub fn run(func: &mut Function, _options: &Options) -> bool {
    let subst = Substitution::new(func);
    let (body, values) = (func.body, func.values.len());
    let mut written = FxHashMap::default();
    survey(func, body, &mut Written::default(), &mut written);
    let mut numbering = Numbering {
        func,
        subst,
        table: FxHashMap::with_capacity_and_hasher(values / 2, FxBuildHasher),
        undo: Vec::new(),
        known: FxHashMap::default(),
        known_undo: Vec::new(),
        versions: FxHashMap::default(),
        next_version: 1,
        all: 0,
        written,
        brought: FxHashMap::default(),
        exits: FxHashMap::default(),
        changed: false,
    };
    numbering.region(body, None);
    numbering.changed
}

/// Adds what a region writes to `whole`, and what its structured operations write, each, to `written`.
fn survey(func: &Function, region: Region, whole: &mut Written, written: &mut FxHashMap<Inst, Written>) {
    for inst in &func.regions[region].insts {
        let op = &func.insts[*inst].op;
        match effect(op) {
            Effect::Pure | Effect::Read(_) | Effect::Raise { .. } | Effect::Owner => {}
            Effect::Write(mem) => whole.add(mem),
            Effect::Opaque | Effect::Call => whole.all = true,
            Effect::Nested => {
                let mut own = Written::default();
                for nested in walk::regions(op) {
                    survey(func, nested, &mut own, written);
                }
                own.mems.iter().for_each(|mem| whole.add(*mem));
                whole.all |= own.all;
                written.insert(*inst, own);
            }
        }
    }
}

impl Written {
    fn add(&mut self, mem: Mem) {
        if !self.mems.contains(&mem) {
            self.mems.push(mem);
        }
    }
}

impl Numbering<'_> {
    /// Numbers a region, in which `fact` holds.
    fn region(&mut self, region: Region, fact: Option<(Value, bool)>) {
        let (mark, known_mark) = (self.undo.len(), self.known_undo.len());
        if let Some((cond, truth)) = fact {
            self.learn(cond, truth, 0);
        }
        let insts = std::mem::take(&mut self.func.regions[region].insts);
        let mut out = Vec::with_capacity(insts.len());
        for inst in insts {
            self.subst.rewrite(&mut self.func.insts[inst].op);
            self.inst(inst, &mut out);
        }
        let data = &mut self.func.regions[region];
        data.insts = out;
        self.subst.rewrite_end(&mut data.end);
        if let End::Break { to, args } = &data.end
            && !args.is_empty()
        {
            let (to, args) = (*to, args.clone());
            if args.len() > 1 {
                self.brought.entry(to).or_default().push(args);
            }
            self.leave(region, to);
        }
        while self.undo.len() > mark {
            let (key, old) = self.undo.pop().expect("invariant: longer than mark");
            match old {
                Some(values) => self.table.insert(key, values),
                None => self.table.remove(&key),
            };
        }
        while self.known_undo.len() > known_mark {
            let (cond, old) = self.known_undo.pop().expect("invariant: longer than mark");
            match old {
                Some(truth) => self.known.insert(cond, truth),
                None => self.known.remove(&cond),
            };
        }
    }

    fn insert(&mut self, key: Key, values: Results) {
        let old = self.table.insert(key.clone(), values);
        self.undo.push((key, old));
    }

    /// Records that `cond` has a value here, and what follows from that.
    fn learn(&mut self, cond: Value, truth: bool, depth: u32) {
        let old = self.known.insert(cond, truth);
        self.known_undo.push((cond, old));
        if depth > 8 {
            return;
        }
        match def_op(self.func, cond) {
            Some(Op::Unary { op: UnaryOp::Bnot, arg }) => {
                let arg = *arg;
                self.learn(arg, !truth, depth + 1);
            }
            Some(Op::Binary { op: BinaryOp::Band, lhs, rhs }) if truth => {
                let (lhs, rhs) = (*lhs, *rhs);
                self.learn(lhs, true, depth + 1);
                self.learn(rhs, true, depth + 1);
            }
            Some(Op::Binary { op: BinaryOp::Bor, lhs, rhs }) if !truth => {
                let (lhs, rhs) = (*lhs, *rhs);
                self.learn(lhs, false, depth + 1);
                self.learn(rhs, false, depth + 1);
            }
            Some(Op::Compare { cond: test, lhs, rhs }) => {
                // The opposite test has the opposite value.
                let (test, lhs, rhs) = (*test, *lhs, *rhs);
                if let Some(opposite) = inverse(test)
                    && let Some(values) = self.table.get(&compare_key(opposite, lhs, rhs))
                {
                    let other = values[0];
                    if let std::collections::hash_map::Entry::Vacant(entry) = self.known.entry(other) {
                        entry.insert(!truth);
                        self.known_undo.push((other, None));
                    }
                }
            }
            Some(_) | None => {}
        }
    }

    fn version(&self, mem: Mem) -> u32 {
        self.versions.get(&mem).copied().unwrap_or(0).max(self.all)
    }

    fn write(&mut self, mem: Mem) {
        self.versions.insert(mem, self.next_version);
        self.next_version += 1;
    }

    fn write_all(&mut self) {
        self.all = self.next_version;
        self.next_version += 1;
    }

    fn forget(&mut self, written: &Written) {
        if written.all {
            self.write_all();
        }
        for mem in &written.mems {
            self.write(*mem);
        }
    }

    /// The value that a condition has here, as a fresh constant if it is known.
    fn constant_of(&mut self, cond: Value, line: SourcePos, out: &mut Vec<Inst>) -> Option<Value> {
        let truth = *self.known.get(&cond)?;
        if matches!(def_op(self.func, cond), Some(Op::Iconst(_))) {
            return None;
        }
        self.changed = true;
        let key = Key::Iconst(Ty::Bool, i64::from(truth));
        if let Some(values) = self.table.get(&key) {
            return Some(values[0]);
        }
        let value = walk::place(self.func, Op::Iconst(i64::from(truth)), Ty::Bool, line, out);
        self.insert(key, smallvec![value]);
        Some(value)
    }

    fn inst(&mut self, inst: Inst, out: &mut Vec<Inst>) {
        let line = self.func.insts[inst].line;
        let op = &self.func.insts[inst].op;
        match effect(op) {
            Effect::Pure => {
                // Operands that are known conditions.
                let mut conds = Vec::new();
                if !self.known.is_empty() {
                    let func = &*self.func;
                    walk::operands(op, |value| {
                        if func.values[value].ty == Ty::Bool && self.known.contains_key(&value) {
                            conds.push(value);
                        }
                    });
                }
                for cond in conds {
                    if let Some(constant) = self.constant_of(cond, line, out) {
                        walk::map_operands(&mut self.func.insts[inst].op, |value| {
                            if *value == cond {
                                *value = constant;
                            }
                        });
                    }
                }
                let results = Results::from_slice(&self.func.insts[inst].results);
                let ty = results.first().map_or(Ty::I64, |value| self.func.values[*value].ty);
                let key = key(&self.func.insts[inst].op, ty, 0);
                self.unify(inst, key, results, out);
            }
            Effect::Read(mem) => {
                let version = self.version(mem);
                let results = Results::from_slice(&self.func.insts[inst].results);
                let ty = self.func.values[results[0]].ty;
                let key = key(&self.func.insts[inst].op, ty, version);
                self.unify(inst, key, results, out);
            }
            Effect::Write(mem) => {
                self.write(mem);
                // What was stored is at hand.
                if let Op::Store { mem, addr, value } = &self.func.insts[inst].op {
                    let (mem, addr, value) = (*mem, *addr, *value);
                    let ty = self.func.values[value].ty;
                    let version = self.version(mem);
                    self.insert(Key::Load(mem, addr, ty, version), smallvec![value]);
                }
                out.push(inst);
            }
            Effect::Owner => out.push(inst),
            Effect::Opaque | Effect::Call => {
                self.write_all();
                out.push(inst);
            }
            Effect::Raise { .. } => {
                let Op::Guard { cond, .. } = self.func.insts[inst].op else {
                    out.push(inst);
                    return;
                };
                if self.known.get(&cond) == Some(&true) {
                    self.changed = true;
                    return;
                }
                out.push(inst);
                if !self.known.contains_key(&cond) {
                    self.learn(cond, true, 0);
                }
            }
            Effect::Nested => self.nested(inst, line, out),
        }
    }

    /// Notes what is at hand at one more way out of a block.
    fn leave(&mut self, region: Region, block: Inst) {
        let Some(mut exits) = self.exits.remove(&block) else { return };
        let truth = |values: &Results| self.known.get(&values[0]).copied();
        if exits.ways.is_empty() {
            let newest = self.undo[exits.mark..].iter().rev().take(MOST_AT_HAND);
            let at_hand = newest.filter_map(|(key, _)| {
                let values = self.table.get(key)?;
                Some((key.clone(), (values.clone(), truth(values))))
            });
            exits.at_hand = at_hand.collect();
        } else {
            exits.at_hand.retain(|key, (values, known)| {
                *known = known.filter(|known| truth(values) == Some(*known));
                self.table.get(key) == Some(values)
            });
        }
        exits.ways.push(region);
        self.exits.insert(block, exits);
    }

    /// The value that a result of a block has inside, if it is one value wherever the block is left.
    fn inside(&self, block: Inst, value: Value) -> Option<Value> {
        let index = self.func.insts[block].results.iter().position(|result| *result == value)?;
        let mut values = self
            .exits
            .get(&block)?
            .ways
            .iter()
            .map(|way| walk::end_values(&self.func.regions[*way].end)[index]);
        let first = values.next()?;
        values.all(|value| value == first).then_some(first)
    }

    /// An operation on results of a block that was done in the block, wherever it is left, with the same
    /// values: what it gave comes out of the block too.
    fn done_in_block(&mut self, inst: Inst, sought: &Key) -> Option<(Results, Option<bool>)> {
        if self.exits.is_empty() {
            return None;
        }
        let mut block = None;
        walk::operands(&self.func.insts[inst].op, |operand| {
            if let Def::Result { inst, .. } = self.func.values[operand].def
                && self.inside(inst, operand).is_some()
            {
                block = block.or(Some(inst));
            }
        });
        let block = block?;
        let at_hand = &self.exits[&block].at_hand;
        let mut op = self.func.insts[inst].op.clone();
        walk::map_operands(&mut op, |operand| {
            if let Some(value) = self.inside(block, *operand) {
                *operand = value;
            } else if let Some(Op::Iconst(c)) = def_op(self.func, *operand)
                && let Some((values, _)) = at_hand.get(&Key::Iconst(self.func.values[*operand].ty, *c))
            {
                *operand = values[0];
            }
        });
        let ty = self.func.values[*self.func.insts[inst].results.first()?].ty;
        let version = if let Key::Load(_, _, _, version) = sought { *version } else { 0 };
        let (values, known) = at_hand.get(&key(&op, ty, version)?)?.clone();
        if known.is_some() {
            return Some((values, known));
        }
        Some((values.iter().map(|value| self.come_out(block, *value)).collect(), None))
    }

    /// A value of a block as a result of it.
    fn come_out(&mut self, block: Inst, value: Value) -> Value {
        let ways = &self.exits[&block].ways;
        let results = &self.func.insts[block].results;
        let same = |index: usize| {
            ways.iter().all(|way| walk::end_values(&self.func.regions[*way].end)[index] == value)
        };
        if let Some(index) = (0..results.len()).find(|index| same(*index)) {
            return results[index];
        }
        let def = Def::Result { inst: block, index: results.len() as u32 };
        for way in ways {
            if let Some(args) = walk::end_values_mut(&mut self.func.regions[*way].end) {
                args.push(value);
            }
        }
        let result = self.func.values.push(ValueData { ty: self.func.values[value].ty, def });
        self.func.insts[block].results.push(result);
        result
    }

    fn unify(&mut self, inst: Inst, key: Option<Key>, results: Results, out: &mut Vec<Inst>) {
        let Some(key) = key else {
            out.push(inst);
            return;
        };
        if let Some(found) = self.table.get(&key) {
            self.changed = true;
            for (result, value) in results.iter().zip(found) {
                self.subst.set(*result, *value);
            }
            return;
        }
        if let Some((found, known)) = self.done_in_block(inst, &key) {
            self.changed = true;
            if let Some(truth) = known {
                self.func.insts[inst].op = Op::Iconst(i64::from(truth));
                self.unify(inst, Some(Key::Iconst(Ty::Bool, i64::from(truth))), results, out);
                return;
            }
            for (result, value) in results.iter().zip(&found) {
                self.subst.set(*result, *value);
            }
            self.insert(key, found);
            return;
        }
        // A comparison whose opposite is known.
        if let Key::Compare(cond, lhs, rhs) = &key
            && let Some(opposite) = inverse(*cond)
            && let Some(other) = self.table.get(&compare_key(opposite, *lhs, *rhs))
            && let Some(truth) = self.known.get(&other[0])
        {
            self.func.insts[inst].op = Op::Iconst(i64::from(!truth));
            self.changed = true;
            let key = Key::Iconst(Ty::Bool, i64::from(!truth));
            self.unify(inst, Some(key), results, out);
            return;
        }
        self.insert(key, results);
        out.push(inst);
    }

    /// Results of an `If` or a `Block` that are equal on each way there are one.
    fn equal_results(&mut self, inst: Inst) {
        let mut ways = self.brought.remove(&inst).unwrap_or_default();
        for region in walk::regions(&self.func.insts[inst].op) {
            if let End::Yield(args) = &self.func.regions[region].end {
                ways.push(args.clone());
            }
        }
        let results = &self.func.insts[inst].results;
        if ways.is_empty() {
            return;
        }
        for (slot, result) in results.iter().enumerate().skip(1) {
            if let Some(first) = (0..slot).find(|first| ways.iter().all(|way| way[*first] == way[slot])) {
                self.changed = true;
                self.subst.set(*result, results[first]);
            }
        }
    }

    /// What both arms begin with is done before them.
    fn done_by_both(&mut self, then: Region, orelse: Region, out: &mut Vec<Inst>) {
        let begins = |func: &Function, region: Region| -> SmallVec<[Inst; BEGINS]> {
            func.regions[region].insts.iter().copied().take(BEGINS).collect()
        };
        let (first, second) = (begins(self.func, then), begins(self.func, orelse));
        if first.is_empty() || second.is_empty() {
            return;
        }
        let movable = |func: &Function, inst: Inst| {
            let InstData { op, results, .. } = &func.insts[inst];
            if effect(op) != Effect::Pure || !effect::can_speculate(func, op) {
                return None;
            }
            key(op, func.values[*results.first()?].ty, 0)
        };
        let keys: SmallVec<[(Option<Key>, Inst); BEGINS]> =
            first.iter().map(|inst| (movable(self.func, *inst), *inst)).collect();
        let mut moved: SmallVec<[Inst; BEGINS]> = SmallVec::new();
        for inst in second {
            if !moved.is_empty() {
                self.subst.rewrite(&mut self.func.insts[inst].op);
            }
            let Some(found) = movable(self.func, inst) else { continue };
            let Some((_, other)) = keys.iter().find(|(key, _)| key.as_ref() == Some(&found)) else {
                continue;
            };
            let results = Results::from_slice(&self.func.insts[*other].results);
            for (result, value) in self.func.insts[inst].results.iter().zip(&results) {
                self.subst.set(*result, *value);
            }
            self.insert(found, results);
            out.push(*other);
            moved.extend([inst, *other]);
        }
        if !moved.is_empty() {
            self.changed = true;
            for arm in [then, orelse] {
                self.func.regions[arm].insts.retain(|inst| !moved.contains(inst));
            }
            self.subst.apply(self.func, orelse);
        }
    }

    fn nested(&mut self, inst: Inst, line: SourcePos, out: &mut Vec<Inst>) {
        let op = &self.func.insts[inst].op;
        let written = self.written.remove(&inst).expect("invariant: every structured operation was surveyed");
        match op {
            Op::If { cond, then, orelse } => {
                let (mut cond, then, orelse) = (*cond, *then, *orelse);
                if let Some(constant) = self.constant_of(cond, line, out) {
                    cond = constant;
                    self.func.insts[inst].op = Op::If { cond, then, orelse };
                }
                let constant = effect::constant(self.func, cond).is_some();
                let fact = |truth| (!constant).then_some((cond, truth));
                self.region(then, fact(true));
                // The second arm starts from the same memory as the first, under versions of its own.
                self.forget(&written);
                self.region(orelse, fact(false));
                self.forget(&written);
                self.done_by_both(then, orelse, out);
                self.equal_results(inst);
                out.push(inst);
                // Where one arm does not come back, the other's condition holds behind.
                let falls = |region: Region| matches!(self.func.regions[region].end, End::Yield(_));
                let (first, second) = (falls(then), falls(orelse));
                if first != second && !constant {
                    self.learn(cond, first, 0);
                }
            }
            Op::For { body, .. } | Op::Loop { body, .. } => {
                let body = *body;
                self.forget(&written);
                self.region(body, None);
                self.forget(&written);
                out.push(inst);
            }
            Op::Block { body } => {
                let body = *body;
                if matches!(self.func.regions[body].end, End::Unreachable)
                    && !self.func.insts[inst].results.is_empty()
                {
                    self.exits.insert(inst, AtExits { mark: self.undo.len(), ..AtExits::default() });
                }
                self.region(body, None);
                self.forget(&written);
                self.equal_results(inst);
                out.push(inst);
            }
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
            | Op::Call { .. } => unreachable!("invariant: a structured operation"),
        }
    }
}

/// Comparisons with exchanged operands are the same: the smaller value stands on the left.
fn compare_key(cond: Cond, lhs: Value, rhs: Value) -> Key {
    if rhs < lhs { Key::Compare(swapped(cond), rhs, lhs) } else { Key::Compare(cond, lhs, rhs) }
}

fn key(op: &Op, ty: Ty, version: u32) -> Option<Key> {
    Some(match op {
        Op::Iconst(value) => Key::Iconst(ty, *value),
        Op::Fconst(bits) => Key::Fconst(ty, *bits),
        Op::Unary { op, arg } => Key::Unary(*op, *arg),
        Op::Binary { op, lhs, rhs } => {
            if commutes(*op) && rhs < lhs {
                Key::Binary(*op, *rhs, *lhs)
            } else {
                Key::Binary(*op, *lhs, *rhs)
            }
        }
        Op::Checked { op, lhs, rhs } => {
            if *op != CheckedOp::Sub && rhs < lhs {
                Key::Checked(*op, *rhs, *lhs)
            } else {
                Key::Checked(*op, *lhs, *rhs)
            }
        }
        Op::Compare { cond, lhs, rhs } => compare_key(*cond, *lhs, *rhs),
        Op::Select { cond, then, orelse } => Key::Select(*cond, *then, *orelse),
        Op::Convert { op, arg } => Key::Convert(*op, ty, *arg),
        Op::Math { func, args, near, known } => Key::Math(*func, args.clone(), *near, *known),
        Op::PtrAdd { base, bytes } => Key::PtrAdd(*base, *bytes),
        Op::Hidden { word } => Key::Hidden(*word),
        Op::StackAddr(slot) => Key::StackAddr(*slot),
        Op::FuncAddr(func) => Key::FuncAddr(*func),
        Op::Load { mem, addr } => Key::Load(*mem, *addr, ty, version),
        Op::Runtime { func, args } => Key::Runtime(*func, args.clone()),
        Op::Store { .. }
        | Op::Guard { .. }
        | Op::OwnerSet { .. }
        | Op::OwnerTake { .. }
        | Op::RuntimeStatus { .. }
        | Op::Call { .. }
        | Op::Block { .. }
        | Op::If { .. }
        | Op::For { .. }
        | Op::Loop { .. } => return None,
    })
}
