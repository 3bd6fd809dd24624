//! Printed form of HIR.
