"""Generators and hashes: wrapping arithmetic in Python ints with a mask and in NumPy's unsigned integers."""

from kernels import histogram, lcg_pi

import numpy as np
from suite.kernel import Kernel


def lcg_sum(n, seed):
    """Knuth's generator in Python ints: the mask makes it exact in 64 bits."""
    state = seed
    total = 0
    for _ in range(n):
        state = (state * 6364136223846793005 + 1442695040888963407) & 0x7FFFFFFFFFFFFFFF
        total ^= state >> 33
    return total


def park_miller(n, seed):
    state = seed
    total = 0.0
    for _ in range(n):
        state = state * 16807 % 2147483647
        total += state / 2147483647
    return total


def xorshift_step(x):
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    return x


def xorshift(out, seed):
    state = seed
    for i in range(len(out)):
        state = xorshift_step(state)
        out[i] = state
    return state


def rotate(x, k):
    return (x << np.uint64(k)) | (x >> np.uint64(64 - k))


def xoshiro(out, seeds):
    s0, s1, s2, s3 = seeds[0], seeds[1], seeds[2], seeds[3]
    for i in range(len(out)):
        value = rotate(s1 * np.uint64(5), 7) * np.uint64(9)
        t = s1 << np.uint64(17)
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= t
        s3 = rotate(s3, 45)
        out[i] = (value >> np.uint64(11)) * 1.1102230246251565e-16


def crc32(data, table):
    crc = np.uint32(0xFFFFFFFF)
    for i in range(len(data)):
        crc = table[(crc ^ data[i]) & np.uint32(0xFF)] ^ (crc >> np.uint32(8))
    return crc ^ np.uint32(0xFFFFFFFF)


def fnv1a(data):
    h = np.uint64(0xCBF29CE484222325)
    for byte in data:
        h ^= np.uint64(byte)
        h *= np.uint64(0x100000001B3)
    return h


def adler32(data):
    a = 1
    b = 0
    for i in range(len(data)):
        a = (a + int(data[i])) % 65521
        b = (b + a) % 65521
    return (b << 16) | a


def djb2(data):
    """In Python ints, masked to 32 bits."""
    h = 5381
    for i in range(len(data)):
        h = (h * 33 + int(data[i])) & 0xFFFFFFFF
    return h


def count_distinct(keys, table):
    """Open addressing with linear probing; zero marks an empty slot."""
    table[:] = 0
    mask = len(table) - 1
    distinct = 0
    for i in range(len(keys)):
        key = keys[i]
        slot = ((key * 40503) >> 3) & mask
        while table[slot] != 0 and table[slot] != key:
            slot = (slot + 1) & mask
        if table[slot] == 0:
            table[slot] = key
            distinct += 1
    return distinct


def numbers(*values):
    return values


def words_out(n):
    return np.zeros(n, np.uint64), np.uint64(88172645463325252)


def floats_out(n):
    return np.zeros(n), np.arange(1, 5).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)


def message(n):
    return (np.random.default_rng(3).integers(0, 256, n).astype(np.uint8),)


def message_and_table(n):
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, np.uint32(0xEDB88320) ^ (table >> np.uint32(1)), table >> np.uint32(1))
    return (*message(n), table.astype(np.uint32))


def keys_and_table(n, seed=0):
    return np.random.default_rng([4, seed]).integers(1, 2 * n, n), np.zeros(4 * n, np.int64)


def samples(n):
    return np.random.default_rng(1).integers(0, 256, n), np.zeros(256, np.int64)


KERNELS = [
    Kernel("LCG Monte-Carlo", lcg_pi, numbers, (50, 42), (20_000, 42)),
    Kernel("LCG, 63 bits", lcg_sum, numbers, (50, 42), (20_000, 42)),
    Kernel("Park-Miller", park_miller, numbers, (50, 42), (10_000, 42)),
    Kernel("xorshift", xorshift, words_out, (20,), (20_000,)),
    Kernel("xoshiro", xoshiro, floats_out, (20,), (20_000,)),
    Kernel("CRC-32", crc32, message_and_table, (40,), (20_000,)),
    Kernel("FNV-1a", fnv1a, message, (40,), (20_000,)),
    Kernel("Adler-32", adler32, message, (40,), (20_000,)),
    Kernel("djb2", djb2, message, (40,), (20_000,)),
    Kernel("hash table", count_distinct, keys_and_table, (16,), (4096,), drawn=True),
    Kernel("histogram", histogram, samples, (40,), (20_000,)),
]
