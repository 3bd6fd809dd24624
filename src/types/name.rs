//! `"float64[:, ::1]"` to and from `Type`.
