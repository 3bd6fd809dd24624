"""The solar system's outer planets: a symplectic n-body integrator over arrays of bodies.

Constants are the globals of the module: they are compiled in, and seen anew when rebound.
"""

import math

import numpy as np
from show import Row, main, timed

from fastjit import fastjit

SOLAR_MASS = 4.0 * math.pi**2
DAYS = 365.24


@fastjit
def advance(position, velocity, mass, dt, steps):
    """Moves the bodies in place: position and velocity of shape (n, 3), mass of shape (n,)."""
    n = mass.shape[0]
    for _ in range(steps):
        for i in range(n):
            for j in range(i + 1, n):
                dx = position[i, 0] - position[j, 0]
                dy = position[i, 1] - position[j, 1]
                dz = position[i, 2] - position[j, 2]
                square = dx * dx + dy * dy + dz * dz
                pull = dt / (square * math.sqrt(square))
                velocity[i, 0] -= dx * mass[j] * pull
                velocity[i, 1] -= dy * mass[j] * pull
                velocity[i, 2] -= dz * mass[j] * pull
                velocity[j, 0] += dx * mass[i] * pull
                velocity[j, 1] += dy * mass[i] * pull
                velocity[j, 2] += dz * mass[i] * pull
        for i in range(n):
            for axis in range(3):
                position[i, axis] += dt * velocity[i, axis]


@fastjit
def energy(position, velocity, mass):
    """Total energy of the system."""
    total = 0.0
    for i in range(mass.shape[0]):
        total += 0.5 * mass[i] * (velocity[i, 0] ** 2 + velocity[i, 1] ** 2 + velocity[i, 2] ** 2)
        for j in range(i + 1, mass.shape[0]):
            distance = 0.0
            for axis in range(3):
                distance += (position[i, axis] - position[j, axis]) ** 2
            total -= mass[i] * mass[j] / math.sqrt(distance)
    return total


def planets():
    """Sun, Jupiter, Saturn, Uranus, Neptune: position in AU, velocity in AU a year, mass."""
    position = np.array(
        [
            [0.0, 0.0, 0.0],
            [4.84143144246472090, -1.16032004402742839, -0.103622044471123109],
            [8.34336671824457987, 4.12479856412430479, -0.403523417114321381],
            [12.8943695621391310, -15.1111514016986312, -0.223307578892655734],
            [15.3796971148509165, -25.9193146099879641, 0.179258772950371181],
        ]
    )
    velocity = DAYS * np.array(
        [
            [0.0, 0.0, 0.0],
            [0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023],
            [-0.00276742510726411021, 0.00499852801234917238, 0.0000230417297573763929],
            [0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556],
            [0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870],
        ]
    )
    mass = SOLAR_MASS * np.array(
        [1.0, 0.000954791938424326609, 0.000285885980666130812, 0.0000436624404335156298, 0.0000515138902046611451]
    )
    velocity[0] = -(velocity * mass[:, None]).sum(axis=0) / SOLAR_MASS
    return position, velocity, mass


def run(advance_function, steps):
    """Advances a fresh system and returns it."""
    position, velocity, mass = planets()
    advance_function(position, velocity, mass, 0.01, steps)
    return position, velocity, mass


def example() -> Row:
    run(advance, 1)
    fast, (position, velocity, mass) = timed(run, advance, 5000, repeat=3)
    slow, expected = timed(run, advance.py_func, 5000)
    equal = bool((position == expected[0]).all() and (velocity == expected[1]).all())
    return Row("n-body, 5000 steps", f"energy {energy(position, velocity, mass):.9f}", fast, slow, None, equal)


def picture(axes) -> None:
    """Draws the orbits over 165 years."""
    position, velocity, mass = planets()
    track = []
    for _ in range(1650):
        advance(position, velocity, mass, 0.01, 10)
        track.append(position[:, :2].copy())
    for body, name in enumerate(["Sun", "Jupiter", "Saturn", "Uranus", "Neptune"]):
        axes.plot(*np.array(track)[:, body].T, label=name, linewidth=1)
    axes.set_aspect("equal")
    axes.legend(fontsize=6, loc="upper right")
    axes.set_title("Outer planets, 165 years")


if __name__ == "__main__":
    main(example)
