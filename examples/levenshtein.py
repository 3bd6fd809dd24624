"""Edit distance between all pairs of words, given as integer arrays: dynamic programming with `min`."""

import numpy as np
from show import Row, interpreted, main, timed

from fastjit import fastjit

WORDS = """compile interpret vectorise kernel register dispatch pointer loop reduction cache signature array
broadcast stride buffer scalar tuple closure recursion inference lowering constant overflow guard bounds thread
parallel machine encoder decoder relocation symbol module function argument default keyword exception traceback""".split()


@fastjit
def distance(a, b):
    """Levenshtein distance between two 1-d integer arrays."""
    previous = np.arange(len(b) + 1)
    current = np.empty(len(b) + 1, np.int64)
    for i in range(len(a)):
        current[0] = i + 1
        for j in range(len(b)):
            cost = 0 if a[i] == b[j] else 1
            current[j + 1] = min(previous[j + 1] + 1, current[j] + 1, previous[j] + cost)
        previous, current = current, previous
    return previous[len(b)]


@fastjit
def all_pairs(letters, starts):
    """Distances between the words `letters[starts[k]:starts[k + 1]]`, as an int64 matrix."""
    n = len(starts) - 1
    result = np.zeros((n, n), np.int64)
    for i in range(n):
        for j in range(i):
            d = distance(letters[starts[i] : starts[i + 1]], letters[starts[j] : starts[j + 1]])
            result[i, j] = d
            result[j, i] = d
    return result


def encode(words):
    """All letters in one int32 array, and where each word starts."""
    letters = np.array([ord(letter) for word in words for letter in word], np.int32)
    starts = np.cumsum([0] + [len(word) for word in words])
    return letters, starts


def example() -> Row:
    letters, starts = encode(WORDS)
    all_pairs(letters, starts)
    fast, result = timed(all_pairs, letters, starts, repeat=5)
    slow, expected = timed(interpreted(all_pairs, distance=distance.py_func), letters, starts)
    np.fill_diagonal(result, 99)
    i, j = np.unravel_index(result.argmin(), result.shape)
    np.fill_diagonal(result, 0)
    return Row(
        f"edit distance, {len(WORDS)} words",
        f"closest {WORDS[j]}-{WORDS[i]}",
        fast,
        slow,
        None,
        bool((result == expected).all()),
    )


def picture(axes) -> None:
    """Draws the matrix of distances."""
    axes.imshow(all_pairs(*encode(WORDS)), cmap="viridis")
    axes.set_title("Edit distances between words")


if __name__ == "__main__":
    main(example)
