"""Whether machine code computes with packed vectors in a loop, read from an assembly listing."""

import re

LABEL = re.compile(r"^([.\w$]+):")
JUMP = re.compile(r"^\s+j\w+\s+([.\w$]+)")
FLOATS = re.compile(r"^v?(add|sub|mul|div|min|max|sqrt|cmp\w*|hadd|fn?m(add|sub)\w*)p[sd]$")
INTEGERS = re.compile(r"^v?p(add|sub|mul|mull|min|max|cmp|and|andn|or|xor|ternlog|sll|srl|sra|abs|popcnt|test)\w*$")
# Scalar code uses these on xmm registers for signs and for zero.
LOGIC = re.compile(r"^v?(and|andn|or|xor)p[sd]$")


def packed_loops(assembly: str) -> bool:
    """A loop is what lies between a label and a later jump back to it."""
    lines = [line for line in assembly.splitlines() if not line.lstrip().startswith("#")]
    labels: dict[str, int] = {}
    packed: list[int] = []
    for number, line in enumerate(lines):
        if label := LABEL.match(line):
            labels[label[1]] = number
        elif is_packed(line):
            packed.append(number)
        elif (jump := JUMP.match(line)) and jump[1] in labels:
            start = labels[jump[1]]
            if any(start <= at for at in packed):
                return True
    return False


def is_packed(line: str) -> bool:
    """Arithmetic on several lanes: not a move, and not the scalar idioms for zero, signs and a number in memory."""
    mnemonic, _, operands = line.strip().partition("\t")
    registers = re.findall(r"%([xyz]mm\d+)", operands)
    if not registers:
        return False
    if "cmp" in mnemonic and "{1to" in operands:
        return False
    if LOGIC.match(mnemonic):
        return registers[-1][0] in "yz"
    if mnemonic.lstrip("v").startswith("pxor") and len(set(registers)) == 1:
        return False
    return bool(FLOATS.match(mnemonic) or INTEGERS.match(mnemonic))
