"""Small integers: images in uint8 and what one does to them, samples in int16.

Products are widened as the program says: Numba computes every integer in 64 bits, and where nothing wraps the
numbers are the same.
"""

import numpy as np
from vectors.kernel import MEMORY, SMALL, exact


def threshold(image, level, out):
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            out[i, j] = 255 if image[i, j] > level else 0


def blend(a, b, out):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            out[i, j] = (np.uint16(a[i, j]) * 3 + np.uint16(b[i, j]) * 5) >> 3


def grey(rgb, out):
    for i in range(rgb.shape[0]):
        r, g, b = np.uint16(rgb[i, 0]), np.uint16(rgb[i, 1]), np.uint16(rgb[i, 2])
        out[i] = (r * 77 + g * 150 + b * 29) >> 8


def planes_to_grey(red, green, blue, out):
    for i in range(out.shape[0]):
        out[i] = (np.uint16(red[i]) * 77 + np.uint16(green[i]) * 150 + np.uint16(blue[i]) * 29) >> 8


def saturating_sum(a, b, out):
    for i in range(a.shape[0]):
        total = np.uint16(a[i]) + np.uint16(b[i])
        out[i] = 255 if total > 255 else total


def apart(a, b, out):
    for i in range(a.shape[0]):
        out[i] = a[i] - b[i] if a[i] > b[i] else b[i] - a[i]


def invert(a, out):
    for i in range(a.shape[0]):
        out[i] = 255 - a[i]


def box_3(a, out):
    for i in range(1, a.shape[0] - 1):
        for j in range(1, a.shape[1] - 1):
            out[i, j] = (np.uint16(a[i, j - 1]) + np.uint16(a[i, j]) * 2 + np.uint16(a[i, j + 1])) >> 2


def dilate(a, out):
    for i in range(1, a.shape[0] - 1):
        for j in range(1, a.shape[1] - 1):
            across = max(max(a[i, j - 1], a[i, j + 1]), a[i, j])
            out[i, j] = max(max(a[i - 1, j], a[i + 1, j]), across)


def volume(samples, gain, out):
    for i in range(samples.shape[0]):
        out[i] = (np.int32(samples[i]) * gain) >> 8


def count_above(image, level):
    count = 0
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            if image[i, j] > level:
                count += 1
    return count


def total(image):
    result = 0
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            result += int(image[i, j])
    return result


def widen(a, out):
    for i in range(a.shape[0]):
        out[i] = a[i] / 255.0


def bytes_of(count, *shape):
    return tuple(np.random.default_rng(6).integers(0, 256, (count, *shape)).astype(np.uint8))


def with_level(n):
    image, out = bytes_of(2, n, n + 1)
    return image, 100, out


def three_images(n):
    return bytes_of(3, n, n + 1)


def two_images(n):
    return bytes_of(2, n, n + 1)


def for_grey(n):
    return bytes_of(1, n, 3)[0], bytes_of(1, n)[0]


def planes(n):
    return bytes_of(4, n)


def three_lines(n):
    return bytes_of(3, n)


def two_lines(n):
    return bytes_of(2, n)


def sound(n):
    samples = np.random.default_rng(7).integers(-30_000, 30_000, n).astype(np.int16)
    return samples, np.int32(200), np.zeros(n, np.int16)


def image_and_level(n):
    return bytes_of(1, n, n + 1)[0], 100


def image(n):
    return bytes_of(1, n, n + 1)


def for_widen(n):
    return bytes_of(1, n)[0], np.zeros(n)


KERNELS = [
    exact(SMALL, "threshold", threshold, with_level, (9,), (100,)),
    exact(SMALL, "blend", blend, three_images, (9,), (80,)),
    exact(SMALL, "RGB to grey, side by side", grey, for_grey, (9,), (4000,)),
    exact(SMALL, "RGB to grey, planes", planes_to_grey, planes, (40,), (6000,)),
    exact(SMALL, "saturating sum", saturating_sum, three_lines, (40,), (8000,)),
    exact(SMALL, "absolute difference", apart, three_lines, (40,), (8000,)),
    exact(SMALL, "inversion", invert, two_lines, (40,), (10_000,)),
    exact(SMALL, "blur of rows", box_3, two_images, (40,), (100,)),
    exact(SMALL, "dilation", dilate, two_images, (40,), (100,)),
    exact(SMALL, "volume, int16", volume, sound, (40,), (6000,)),
    exact(SMALL, "count above", count_above, image_and_level, (40,), (120,)),
    exact(SMALL, "sum of bytes", total, image, (40,), (120,)),
    exact(SMALL, "uint8 to float64", widen, for_widen, (40,), (3000,)),
    exact(MEMORY, "blend, 48 MB", blend, three_images, (9,), (4000,)),
]
