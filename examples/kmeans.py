"""k-means on scikit-learn's handwritten digits: 1797 images of 8 x 8 pixels, ten clusters."""

import numpy as np
from show import Row, interpreted, main, timed

from fastjit import fastjit


@fastjit
def nearest(points, centres, labels):
    """Writes the index of the nearest centre into `labels`; returns the total squared distance."""
    inertia = 0.0
    for i in range(points.shape[0]):
        best = np.inf
        for k in range(centres.shape[0]):
            distance = 0.0
            for d in range(points.shape[1]):
                difference = points[i, d] - centres[k, d]
                distance += difference * difference
            if distance < best:
                best = distance
                labels[i] = k
        inertia += best
    return inertia


@fastjit
def kmeans(points, centres, rounds):
    """Lloyd's algorithm from the given centres: new centres (k, d), labels (n,), inertia."""
    centres = centres.copy()
    labels = np.zeros(points.shape[0], np.int64)
    inertia = 0.0
    for _ in range(rounds):
        inertia = nearest(points, centres, labels)
        counts = np.zeros(centres.shape[0], np.int64)
        sums = np.zeros(centres.shape)
        for i in range(points.shape[0]):
            counts[labels[i]] += 1
            for d in range(points.shape[1]):
                sums[labels[i], d] += points[i, d]
        for k in range(centres.shape[0]):
            if counts[k] > 0:
                for d in range(points.shape[1]):
                    centres[k, d] = sums[k, d] / counts[k]
    return centres, labels, inertia


def kmeans_numpy(points, centres, rounds):
    """The same by broadcasting."""
    centres = centres.copy()
    for _ in range(rounds):
        distances = ((points[:, None, :] - centres) ** 2).sum(axis=2)
        labels = distances.argmin(axis=1)
        inertia = distances.min(axis=1).sum()
        for k in range(len(centres)):
            if (labels == k).any():
                centres[k] = points[labels == k].mean(axis=0)
    return centres, labels, inertia


def digits():
    """The images as float64 rows, and ten of them as starting centres."""
    from sklearn.datasets import load_digits

    points = load_digits().data
    return points, points[:: len(points) // 10][:10].copy()


def example() -> Row:
    points, centres = digits()
    kmeans(points, centres, 1)
    fast, (found, labels, inertia) = timed(kmeans, points, centres, 20, repeat=3)
    numpy, _ = timed(kmeans_numpy, points, centres, 20, repeat=2)
    slow, expected = timed(interpreted(kmeans, nearest=nearest.py_func), points, centres, 2)
    check = kmeans(points, centres, 2)
    equal = all(np.array_equal(mine, theirs) for mine, theirs in zip(check, expected))
    return Row(
        "k-means, digits", f"inertia {inertia:.0f}", fast, slow * 10, numpy, equal, "Python: 2 of 20 rounds, scaled"
    )


def picture(axes) -> None:
    """Draws the ten centres as images."""
    points, centres = digits()
    found, _, _ = kmeans(points, centres, 50)
    axes.imshow(found.reshape(2, 5, 8, 8).swapaxes(1, 2).reshape(16, 40), cmap="gray_r")
    axes.set_title("k-means centres of the handwritten digits")
    axes.axis("off")


if __name__ == "__main__":
    main(example)
