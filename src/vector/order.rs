//! The order of a vector's work, and which operations are one instruction together with their user.
//!
//! In: a `VLoop`. Out: steps, what each of them reads and how often each value is read. Invariant: operands stand
//! before their uses; what is fused has no step and no register of its own.

use super::reduce::bytes_added;
use crate::mir::vloop::{Combine, Lane, NodeOp, Place, Stride, VLoop, VReduction};
use crate::mir::{Cond, MathFn, UnaryOp};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    Node(Lane),
    Check(usize),
    Reduce(usize),
    Store(Lane),
}

pub struct Order {
    pub steps: Vec<Step>,
    /// How often each node is read.
    pub uses: Vec<u32>,
    /// All nodes that count, and stores.
    pub reached: Vec<Lane>,
    /// Nodes that their users do.
    pub fused: Vec<bool>,
}

/// Work in an order that keeps few values alive: operands right before their uses, checks first of all (what they
/// need does not wait for them), stores at the end.
pub fn order(v: &VLoop) -> Order {
    let count = v.nodes.len();
    let mut order = Order { steps: Vec::new(), uses: vec![0; count], reached: Vec::new(), fused: fused(v) };
    let mut seen = vec![false; count];
    let stores: Vec<Lane> =
        (0..count as u32).map(Lane).filter(|lane| matches!(v.node(*lane).op, NodeOp::Store { .. })).collect();
    for (index, check) in v.checks.iter().enumerate() {
        order.visit(v, check.cond, &mut seen);
        order.steps.push(Step::Check(index));
    }
    for (index, reduction) in v.reductions.iter().enumerate() {
        if let Some((a, b)) = order.fused_product(v, reduction) {
            order.visit(v, a, &mut seen);
            order.visit(v, b, &mut seen);
        } else {
            order.visit(v, bytes_added(v, reduction).unwrap_or(reduction.value), &mut seen);
        }
        if !matches!(reduction.combine, Combine::Best { .. }) {
            order.steps.push(Step::Reduce(index));
        }
    }
    // A search takes all its values at once.
    let keys = (0..v.reductions.len()).filter(|index| v.key(*index).is_some());
    order.steps.extend(keys.map(Step::Reduce));
    for store in &stores {
        for operand in operands(&v.node(*store).op) {
            order.visit(v, operand, &mut seen);
        }
    }
    order.reached.extend(&stores);
    // A load with one use happens there; but what is stored as it was loaded is loaded before the first store.
    let stored = |lane: &Lane| stores.iter().any(|store| operands(&v.node(*store).op).contains(lane));
    let uses = &order.uses;
    order.steps.retain(|step| {
        let Step::Node(lane) = step else { return true };
        let is_load = matches!(v.node(*lane).op, NodeOp::Load { .. });
        !is_load || uses[lane.0 as usize] > 1 || stored(lane)
    });
    order.steps.extend(stores.into_iter().map(Step::Store));
    order
}

impl Order {
    fn visit(&mut self, v: &VLoop, lane: Lane, seen: &mut [bool]) {
        self.uses[lane.0 as usize] += 1;
        if std::mem::replace(&mut seen[lane.0 as usize], true) {
            return;
        }
        for operand in self.reads(v, lane) {
            self.visit(v, operand, seen);
        }
        self.reached.push(lane);
        if !matches!(v.node(lane).op, NodeOp::Splat(_) | NodeOp::Const(_) | NodeOp::Counter) {
            self.steps.push(Step::Node(lane));
        }
    }

    /// The lanes that a node reads, what is fused with it included.
    pub fn reads(&self, v: &VLoop, lane: Lane) -> Vec<Lane> {
        let op = &v.node(lane).op;
        if let NodeOp::Math { func: MathFn::Fma, args } = op {
            return args.iter().map(|arg| self.without_sign(v, *arg).0).collect();
        }
        let mut read = operands(op);
        if let NodeOp::Select { .. } = op {
            read.retain(|operand| !self.fused[operand.0 as usize]);
        }
        read
    }

    /// The factors of a product that its sum computes.
    pub fn fused_product(&self, v: &VLoop, reduction: &VReduction) -> Option<(Lane, Lane)> {
        v.product(reduction).filter(|_| self.fused[reduction.value.0 as usize])
    }

    /// What is negated by its user, and whether it is.
    pub fn without_sign(&self, v: &VLoop, lane: Lane) -> (Lane, bool) {
        if let NodeOp::Unary { op: UnaryOp::Fneg, arg } = v.node(lane).op
            && self.fused[lane.0 as usize]
        {
            return (arg, true);
        }
        (lane, false)
    }
}

/// What is negated only for products with sums, products for the sake of their sums, and comparisons for that of the
/// smaller or larger.
fn fused(v: &VLoop) -> Vec<bool> {
    // Reads by those users, and by others.
    let mut joined = vec![0u32; v.nodes.len()];
    let mut other = vec![0u32; v.nodes.len()];
    for node in &v.nodes {
        let fma = matches!(node.op, NodeOp::Math { func: MathFn::Fma, .. });
        let extreme = extreme(v, &node.op).is_some();
        for (place, operand) in operands(&node.op).into_iter().enumerate() {
            let joins = if fma { is_negation(v, operand) } else { extreme && place == 0 };
            if joins {
                joined[operand.0 as usize] += 1;
            } else {
                other[operand.0 as usize] += 1;
            }
        }
    }
    v.checks.iter().for_each(|check| other[check.cond.0 as usize] += 1);
    for reduction in &v.reductions {
        let reads = if v.product(reduction).is_some() { &mut joined } else { &mut other };
        reads[reduction.value.0 as usize] += 1;
    }
    joined.iter().zip(&other).map(|(joined, other)| *joined > 0 && *other == 0).collect()
}

fn is_negation(v: &VLoop, lane: Lane) -> bool {
    matches!(v.node(lane).op, NodeOp::Unary { op: UnaryOp::Fneg, .. })
}

/// A choice among two floats by their order: whether it is the smaller (or the larger) as the instructions have it,
/// which give their second operand if either is nan or both are equal.
pub fn extreme(v: &VLoop, op: &NodeOp) -> Option<bool> {
    let NodeOp::Select { cond, then, orelse } = *op else { return None };
    let NodeOp::Compare { cond, lhs, rhs } = v.node(cond).op else { return None };
    let (less, greater) = match cond {
        Cond::Flt => (lhs, rhs),
        Cond::Fgt => (rhs, lhs),
        Cond::Eq
        | Cond::Ne
        | Cond::Slt
        | Cond::Sle
        | Cond::Sgt
        | Cond::Sge
        | Cond::Ult
        | Cond::Ule
        | Cond::Ugt
        | Cond::Uge
        | Cond::Feq
        | Cond::Fne
        | Cond::Fle
        | Cond::Fge => return None,
    };
    let chosen = (then, orelse);
    if chosen == (less, greater) { Some(true) } else { (chosen == (greater, less)).then_some(false) }
}

/// The lanes that an operation reads.
pub fn operands(op: &NodeOp) -> Vec<Lane> {
    let place = |at: &Place| match at.stride {
        Stride::Known(_) | Stride::Input(..) => None,
        Stride::Index(lane, _) => Some(lane),
    };
    match op {
        NodeOp::Splat(_) | NodeOp::Const(_) | NodeOp::Counter => Vec::new(),
        NodeOp::Unary { arg, .. } | NodeOp::Convert { arg, .. } => vec![*arg],
        NodeOp::Binary { lhs, rhs, .. } | NodeOp::Compare { lhs, rhs, .. } => vec![*lhs, *rhs],
        NodeOp::Select { cond, then, orelse } => vec![*cond, *then, *orelse],
        NodeOp::Math { args, .. } => args.clone(),
        NodeOp::Otherwise { args, ok, value, .. } => args.iter().chain([ok, value]).copied().collect(),
        NodeOp::Load { at, mask } => place(at).into_iter().chain(*mask).collect(),
        NodeOp::Store { at, value, mask } => [*value].into_iter().chain(place(at)).chain(*mask).collect(),
    }
}
