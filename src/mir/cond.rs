//! What comparisons say of each other.
//!
//! In: a comparison. Out: another that says the same of other operands, or the opposite of the same. Invariant:
//! a nan is neither less nor greater.

use super::Cond;

/// The comparison that is true exactly when `cond` is false.
pub fn inverse(cond: Cond) -> Option<Cond> {
    match cond {
        Cond::Eq => Some(Cond::Ne),
        Cond::Ne => Some(Cond::Eq),
        Cond::Slt => Some(Cond::Sge),
        Cond::Sle => Some(Cond::Sgt),
        Cond::Sgt => Some(Cond::Sle),
        Cond::Sge => Some(Cond::Slt),
        Cond::Ult => Some(Cond::Uge),
        Cond::Ule => Some(Cond::Ugt),
        Cond::Ugt => Some(Cond::Ule),
        Cond::Uge => Some(Cond::Ult),
        Cond::Feq => Some(Cond::Fne),
        Cond::Fne => Some(Cond::Feq),
        // A nan makes these and their opposites false.
        Cond::Flt | Cond::Fle | Cond::Fgt | Cond::Fge => None,
    }
}

/// The comparison with its operands exchanged.
pub fn swapped(cond: Cond) -> Cond {
    match cond {
        Cond::Eq => Cond::Eq,
        Cond::Ne => Cond::Ne,
        Cond::Slt => Cond::Sgt,
        Cond::Sle => Cond::Sge,
        Cond::Sgt => Cond::Slt,
        Cond::Sge => Cond::Sle,
        Cond::Ult => Cond::Ugt,
        Cond::Ule => Cond::Uge,
        Cond::Ugt => Cond::Ult,
        Cond::Uge => Cond::Ule,
        Cond::Feq => Cond::Feq,
        Cond::Flt => Cond::Fgt,
        Cond::Fle => Cond::Fge,
        Cond::Fgt => Cond::Flt,
        Cond::Fge => Cond::Fle,
        Cond::Fne => Cond::Fne,
    }
}
