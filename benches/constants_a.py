"""Constants that a benchmark reads as globals of another module."""

A = 1
B = 2
C = 3
D = 4
