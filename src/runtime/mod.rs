//! Called by machine code; knows no compiler and no Python.
