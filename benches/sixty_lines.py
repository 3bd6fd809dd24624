"""A kernel of sixty lines with five helpers: a particle simulation in a box."""

import math

import numpy as np


def wrap(x, size):
    """Position in a periodic box."""
    if x < 0.0:
        return x + size
    if x >= size:
        return x - size
    return x


def nearest(d, size):
    """Shortest signed distance in a periodic box."""
    half = 0.5 * size
    if d > half:
        return d - size
    if d < -half:
        return d + size
    return d


def pair_force(r2, cutoff2):
    """Lennard-Jones force divided by distance."""
    if r2 > cutoff2 or r2 == 0.0:
        return 0.0
    inverse = 1.0 / r2
    six = inverse * inverse * inverse
    return 24.0 * inverse * six * (2.0 * six - 1.0)


def kinetic(velocity):
    """Kinetic energy of unit masses."""
    total = 0.0
    for i in range(velocity.shape[0]):
        for k in range(velocity.shape[1]):
            total += 0.5 * velocity[i, k] * velocity[i, k]
    return total


def rescale(velocity, target):
    """Scales the velocities in place to a kinetic energy."""
    energy = kinetic(velocity)
    if energy > 0.0:
        factor = math.sqrt(target / energy)
        for i in range(velocity.shape[0]):
            for k in range(velocity.shape[1]):
                velocity[i, k] *= factor
    return energy


def simulate(position, velocity, force, size, dt, steps, cutoff):
    """Velocity Verlet; returns the last energy and how many pairs were within the cutoff."""
    n = position.shape[0]
    cutoff2 = cutoff * cutoff
    energy = 0.0
    pairs = 0
    for step in range(steps):
        for i in range(n):
            for k in range(3):
                velocity[i, k] += 0.5 * dt * force[i, k]
                position[i, k] = wrap(position[i, k] + dt * velocity[i, k], size)
        for i in range(n):
            for k in range(3):
                force[i, k] = 0.0
        for i in range(n):
            for j in range(i + 1, n):
                dx = nearest(position[i, 0] - position[j, 0], size)
                dy = nearest(position[i, 1] - position[j, 1], size)
                dz = nearest(position[i, 2] - position[j, 2], size)
                r2 = dx * dx + dy * dy + dz * dz
                f = pair_force(r2, cutoff2)
                if f != 0.0:
                    pairs += 1
                    force[i, 0] += f * dx
                    force[i, 1] += f * dy
                    force[i, 2] += f * dz
                    force[j, 0] -= f * dx
                    force[j, 1] -= f * dy
                    force[j, 2] -= f * dz
        for i in range(n):
            for k in range(3):
                velocity[i, k] += 0.5 * dt * force[i, k]
        if step % 10 == 9:
            energy = rescale(velocity, 1.5 * n)
        else:
            energy = kinetic(velocity)
        if energy > 1e6:
            break
        elif energy < 0.0:
            return -1.0, pairs
    return energy, pairs


def simulate_arguments():
    """A small box."""
    rng = np.random.default_rng(3)
    return rng.random((20, 3)) * 5.0, rng.random((20, 3)) - 0.5, np.zeros((20, 3)), 5.0, 0.001, 3, 2.5
