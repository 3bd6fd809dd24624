"""Constants that a benchmark reads as globals of another module."""

E = 5
F = 6
G = 7
H = 8
