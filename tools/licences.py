"""Fails if a crate in the build has a licence that is not permissive.

In: `cargo metadata`. Out: a table of licences; exit status 1 with the offending crates.
"""

import json
import subprocess
import sys

from boolean.boolean import AND, OR
from license_expression import get_spdx_licensing

PERMISSIVE = {
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "CC0-1.0",
    "Unlicense",
    "0BSD",
    "BSL-1.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
}


def allowed(expression: str) -> bool:
    """True if the SPDX expression can be satisfied with permissive licences alone."""
    return satisfied(get_spdx_licensing().parse(expression.replace("/", " OR ")))


def satisfied(node: object) -> bool:
    """Value of an expression tree in which permissive licences are true."""
    if isinstance(node, AND):
        return all(satisfied(part) for part in node.args)
    if isinstance(node, OR):
        return any(satisfied(part) for part in node.args)
    return str(node) in PERMISSIVE


def main() -> int:
    metadata = json.loads(
        subprocess.run(
            ["cargo", "metadata", "--format-version", "1", "--locked"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )
    resolved = {node["id"] for node in metadata["resolve"]["nodes"]}
    bad = []
    counts: dict[str, int] = {}
    for package in metadata["packages"]:
        if package["id"] not in resolved:
            continue
        licence = package["license"] or "none"
        counts[licence] = counts.get(licence, 0) + 1
        if not allowed(licence):
            bad.append(f"{package['name']} {package['version']}: {licence}")
    for licence, count in sorted(counts.items()):
        print(f"{count:4}  {licence}")
    for line in bad:
        print("not permissive:", line, file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
