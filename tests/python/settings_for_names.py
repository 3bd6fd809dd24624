"""A module whose attribute a test rebinds."""

FACTOR = 3
