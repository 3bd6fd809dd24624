"""Physics and cellular automata: floats beside integers, branches inside loops."""

import math

from kernels import mandelbrot, nbody

import numpy as np
from suite.kernel import Kernel


def julia(width, height, c, limit):
    """Escape times in complex arithmetic."""
    total = 0
    for row in range(height):
        for column in range(width):
            z = complex(-1.5 + 3.0 * column / width, -1.5 + 3.0 * row / height)
            k = 0
            while k < limit and z.real * z.real + z.imag * z.imag <= 4.0:
                z = z * z + c
                k += 1
            total += k
    return total


def ising(spins, rows, columns, draws, beta):
    """Metropolis sweeps of a torus over given sites and draws."""
    n, m = spins.shape
    accepted = 0
    for k in range(len(draws)):
        i = rows[k]
        j = columns[k]
        neighbours = spins[(i + 1) % n, j] + spins[i - 1, j] + spins[i, (j + 1) % m] + spins[i, j - 1]
        change = 2 * spins[i, j] * neighbours
        if change <= 0 or draws[k] < math.exp(-beta * change):
            spins[i, j] = -spins[i, j]
            accepted += 1
    return accepted


def metropolis(n, seed, width):
    """A chain for exp(-x**4 / 4), with its own generator."""
    state = seed
    x = 0.0
    total = 0.0
    for _ in range(n):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        proposal = x + width * (state / 2147483648.0 - 0.5)
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        gain = 0.25 * (x * x * x * x - proposal * proposal * proposal * proposal)
        if gain >= 0.0 or state / 2147483648.0 < math.exp(gain):
            x = proposal
        total += x * x
    return total / n


def lorenz(x, y, z):
    return 10.0 * (y - x), x * (28.0 - z) - y, x * y - 8.0 / 3.0 * z


def runge_kutta(x, y, z, dt, steps):
    for _ in range(steps):
        ax, ay, az = lorenz(x, y, z)
        bx, by, bz = lorenz(x + 0.5 * dt * ax, y + 0.5 * dt * ay, z + 0.5 * dt * az)
        cx, cy, cz = lorenz(x + 0.5 * dt * bx, y + 0.5 * dt * by, z + 0.5 * dt * bz)
        ex, ey, ez = lorenz(x + dt * cx, y + dt * cy, z + dt * cz)
        x += dt / 6.0 * (ax + 2.0 * bx + 2.0 * cx + ex)
        y += dt / 6.0 * (ay + 2.0 * by + 2.0 * cy + ey)
        z += dt / 6.0 * (az + 2.0 * bz + 2.0 * cz + ez)
    return x + y + z


def life(cells, fresh, steps):
    """Conway's game on a torus."""
    n, m = cells.shape
    for _ in range(steps):
        for i in range(n):
            for j in range(m):
                around = 0
                for di in range(-1, 2):
                    for dj in range(-1, 2):
                        if di != 0 or dj != 0:
                            around += cells[(i + di) % n, (j + dj) % m]
                fresh[i, j] = 1 if around == 3 or (around == 2 and cells[i, j] == 1) else 0
        cells, fresh = fresh, cells
    alive = 0
    for i in range(n):
        for j in range(m):
            alive += cells[i, j]
    return alive


def elementary(cells, fresh, rule, steps):
    """Wolfram's automaton of a given rule."""
    n = len(cells)
    for _ in range(steps):
        for i in range(n):
            pattern = 4 * cells[i - 1] + 2 * cells[i] + cells[(i + 1) % n]
            fresh[i] = (rule >> pattern) & 1
        cells, fresh = fresh, cells
    return cells[0]


def billiard(x, y, vx, vy, steps):
    """A ball between walls: four branches a step."""
    hits = 0
    for _ in range(steps):
        x += vx
        y += vy
        if x < 0.0:
            x = -x
            vx = -vx
            hits += 1
        elif x > 1.0:
            x = 2.0 - x
            vx = -vx
            hits += 1
        if y < 0.0:
            y = -y
            vy = -vy
            hits += 1
        elif y > 1.0:
            y = 2.0 - y
            vy = -vy
            hits += 1
    return x + y + hits


def gillespie(birth, death, start, draws):
    """Birth and death, event by event."""
    count = start
    time = 0.0
    for k in range(draws.shape[0]):
        rate = birth + death * count
        time -= math.log(draws[k, 0]) / rate
        if draws[k, 1] * rate < birth:
            count += 1
        else:
            count -= 1
    return time + count


def bodies(n, steps):
    rng = np.random.default_rng(1)
    return rng.random((n, 3)), rng.random((n, 3)), rng.random(n), 1e-6, steps


def chain(n, width, seed=0):
    return n, 42 + seed, width


def numbers(*values):
    return values


def lattice(n, draws, seed=0):
    rng = np.random.default_rng([2, seed])
    sites = rng.integers(0, n, (2, draws))
    return rng.choice([-1, 1], (n, n)), sites[0].copy(), sites[1].copy(), rng.random(draws), 0.44


def board(n, steps, seed=0):
    cells = np.random.default_rng([3, seed]).integers(0, 2, (n, n))
    return cells, np.zeros_like(cells), steps


def line(n, steps, seed=0):
    cells = np.random.default_rng([4, seed]).integers(0, 2, n)
    return cells, np.zeros_like(cells), 110, steps


def events(n, seed=0):
    return 10.0, 0.1, 50, np.random.default_rng([5, seed]).random((n, 2))


KERNELS = [
    Kernel("n-body", nbody, bodies, (3, 2), (8, 30)),
    Kernel("Mandelbrot", mandelbrot, numbers, (6, 5, 20), (40, 30, 100)),
    Kernel("Julia (complex)", julia, numbers, (6, 5, -0.8 + 0.156j, 20), (40, 30, -0.8 + 0.156j, 100)),
    Kernel("Ising", ising, lattice, (5, 40), (32, 2000), drawn=True),
    Kernel("Metropolis", metropolis, chain, (40, 3.0), (5000, 3.0), drawn=True),
    Kernel("Runge-Kutta (Lorenz)", runge_kutta, numbers, (1.0, 1.0, 1.0, 0.01, 5), (1.0, 1.0, 1.0, 0.01, 2000)),
    Kernel("game of life", life, board, (6, 2), (24, 4), drawn=True),
    Kernel("elementary automaton", elementary, line, (12, 3), (500, 20), drawn=True),
    Kernel("billiard", billiard, numbers, (0.3, 0.6, 0.37, 0.21, 20), (0.3, 0.6, 0.037, 0.021, 10_000)),
    Kernel("birth and death", gillespie, events, (20,), (2500,), drawn=True),
]
