"""What the ten kinds of `shapes` look like: outlines and textures, by operations that IEEE 754 rounds exactly."""

import numpy as np

Array = np.ndarray


def wave(x: Array) -> Array:
    """Triangle wave of period 1: 1 at whole numbers, -1 halfway between them."""
    return np.abs(x - np.floor(x) - 0.5) * 4 - 1


def turn(share: Array) -> tuple[Array, Array]:
    """(cos, sin) of this share of a full turn, each [n], of unit length to rounding."""
    quarter = np.floor(share * 4)
    x = share * 4 - quarter
    near, far = _cosine(x), _cosine(1 - x)
    length = np.sqrt(near * near + far * far)
    near, far = near / length, far / length
    cos = np.choose(quarter.astype(int), [near, -far, -near, far])
    sin = np.choose(quarter.astype(int), [far, near, -far, -near])
    return cos, sin


def _cosine(x: Array) -> Array:
    """cos(pi x / 2) on [0, 1] to 1e-3, by a polynomial; `turn` divides by the length."""
    square = x * x
    return 1 - square * (1.2337 - square * (0.2537 - square * 0.02))


# Signed distances of a shape's outline in object coordinates, where it fills the unit disc.


def _box(u: Array, v: Array, a: float, b: float) -> Array:
    return np.maximum(np.abs(u) - a, np.abs(v) - b)


def disc(u: Array, v: Array, radius: float | Array) -> Array:
    return np.sqrt(u * u + v * v) - radius


def _cross(u: Array, v: Array) -> Array:
    return np.minimum(_box(u, v, 0.95, 0.32), _box(u, v, 0.32, 0.95))


def _triangle(u: Array, v: Array) -> Array:
    return np.maximum(np.maximum(0.866 * u + 0.5 * v, 0.5 * v - 0.866 * u), -v) - 0.55


def _flower(u: Array, v: Array) -> Array:
    centers = ((0.6, 0.0), (0.185, 0.571), (-0.485, 0.353), (-0.485, -0.353), (0.185, -0.571))
    distance = disc(u, v, 0.35)
    for x, y in centers:
        distance = np.minimum(distance, disc(u - x, v - y, 0.34))
    return distance


def _dumbbell(u: Array, v: Array) -> Array:
    discs = disc(np.abs(u) - 0.58, v, 0.4)
    return np.minimum(discs, _box(u, v, 0.58, 0.15))


def _corner(u: Array, v: Array) -> Array:
    return np.minimum(_box(u + 0.47, v, 0.28, 0.85), _box(u, v - 0.57, 0.75, 0.28))


# Textures: about -1 to 1 over the object; f is periods per object radius, p and q are phases.

TEXTURES = {
    "stripes": lambda u, v, f, p, q: wave(f * u + p),
    "checks": lambda u, v, f, p, q: 2 * wave(0.7 * f * u + p) * wave(0.7 * f * v + q),
    "dots": lambda u, v, f, p, q: np.minimum(wave(f * u + p), wave(f * v + q)) + 0.3,
    "rings": lambda u, v, f, p, q: wave(f * np.sqrt(u * u + v * v) + p),
    "zigzag": lambda u, v, f, p, q: wave(f * v + 0.35 * wave(f * u + q) + p),
}
KINDS = {
    "disc": (lambda u, v: disc(u, v, 0.85), "rings"),
    "ring": (lambda u, v: np.abs(disc(u, v, 0.65)) - 0.26, "checks"),
    "square": (lambda u, v: _box(u, v, 0.75, 0.75), "dots"),
    "triangle": (_triangle, "stripes"),
    "cross": (_cross, "rings"),
    "flower": (_flower, "zigzag"),
    "crescent": (lambda u, v: np.maximum(disc(u, v, 0.92), -disc(u - 0.5, v, 0.72)), "dots"),
    "bar": (lambda u, v: _box(u, v, 0.98, 0.34), "stripes"),
    "dumbbell": (_dumbbell, "checks"),
    "corner": (_corner, "zigzag"),
}
