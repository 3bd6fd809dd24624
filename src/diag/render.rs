//! Text of a diagnostic: the full form with source lines and carets, and one line.
