"""`shapes`: ten kinds of textured objects, drawn here, so that a first run needs no download.

The class is a shape that mostly wears its own texture; pose, color, light and clutter are nuisance,
drawn without a look at the class. Ours; tuned on four baselines only (raw pixels, random network,
supervised, plain InfoNCE: tests/data/test_shapes.py), then frozen: a change is a new name.

Every step is an operation that IEEE 754 rounds exactly (+ - * / sqrt, comparison, floor), in
float64, then rounded to uint8: sin, exp or a matrix product may differ between processors.
"""

from dataclasses import dataclass

import numpy as np

DIGEST = "f8ad5393120c7fbe"  # changes with the bytes: a frozen set keeps it
COUNTS = {"train": 10_000, "test": 2_000}
BLOCK = 500  # images that share a generator; all classes equally often in each
SIDE = 32  # pixels
TIE = 0.7  # share of the objects that wear their class's own texture

Array = np.ndarray

# Pixel centers, the frame being [-1, 1] x [-1, 1].
AXIS = (np.arange(SIDE) + 0.5) * (2 / SIDE) - 1


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


def _disc(u: Array, v: Array, radius: float | Array) -> Array:
    return np.sqrt(u * u + v * v) - radius


def _cross(u: Array, v: Array) -> Array:
    return np.minimum(_box(u, v, 0.95, 0.32), _box(u, v, 0.32, 0.95))


def _triangle(u: Array, v: Array) -> Array:
    return np.maximum(np.maximum(0.866 * u + 0.5 * v, 0.5 * v - 0.866 * u), -v) - 0.55


def _flower(u: Array, v: Array) -> Array:
    centers = ((0.6, 0.0), (0.185, 0.571), (-0.485, 0.353), (-0.485, -0.353), (0.185, -0.571))
    distance = _disc(u, v, 0.35)
    for x, y in centers:
        distance = np.minimum(distance, _disc(u - x, v - y, 0.34))
    return distance


def _dumbbell(u: Array, v: Array) -> Array:
    discs = _disc(np.abs(u) - 0.58, v, 0.4)
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
    "disc": (lambda u, v: _disc(u, v, 0.85), "rings"),
    "ring": (lambda u, v: np.abs(_disc(u, v, 0.65)) - 0.26, "checks"),
    "square": (lambda u, v: _box(u, v, 0.75, 0.75), "dots"),
    "triangle": (_triangle, "stripes"),
    "cross": (_cross, "rings"),
    "flower": (_flower, "zigzag"),
    "crescent": (lambda u, v: np.maximum(_disc(u, v, 0.92), -_disc(u - 0.5, v, 0.72)), "dots"),
    "bar": (lambda u, v: _box(u, v, 0.98, 0.34), "stripes"),
    "dumbbell": (_dumbbell, "checks"),
    "corner": (_corner, "zigzag"),
}
CLASS_NAMES = tuple(KINDS)


@dataclass(frozen=True)
class Nuisance:
    """What varies and is not the class, for n images; shares of [0, 1) unless said."""

    pose: Array  # [n, 6] angle, size, place x and y, aspect, mirror
    texture: Array  # [n, 3] frequency and two phases
    color: Array  # [n, 3, 3] of background, object and its texture: RGB in [0, 1]
    light: Array  # [n, 5] gain, direction and strength of light, direction and strength of ground
    clutter: Array  # [n, 7] there or not, direction, distance, radius, RGB
    noise: Array  # [n, H, W, 3]

    @classmethod
    def draw(cls, generator: np.random.Generator, n: int) -> "Nuisance":
        shares = generator.random((n, 6 + 3 + 12 + 5 + 7))
        pose, texture, color, light, clutter = np.split(shares, [6, 9, 21, 26], axis=1)
        noise = generator.random((n, SIDE, SIDE, 3))
        return cls(pose, texture, _colors(color), light, clutter, noise)

    def of(self, index: Array) -> "Nuisance":
        return Nuisance(*(part[index] for part in vars(self).values()))


def _colors(shares: Array) -> Array:
    """Colors [n, 3, 3] of ground, object and mark; gray, the ground lies between the other two.

    So an object is about as bright as its ground, and pixels alone say little about its outline.
    """
    shares = shares.reshape(-1, 3, 4)
    dark = np.where(shares[:, 1, 0] < 0.5, 0.2, 0.8)
    levels = np.stack([0.3 + 0.4 * shares[:, 0, 0], dark, 1 - dark], axis=1)
    chroma = (shares[:, :, 1:] - 0.5) * 0.5
    gray = 0.299 * chroma[:, :, :1] + 0.587 * chroma[:, :, 1:2] + 0.114 * chroma[:, :, 2:]
    return levels[:, :, None] + chroma - gray


def _along(share: Array) -> Array:
    """Position [n, H, W] from -1 to 1 along a direction, for gradients across the frame."""
    cos, sin = turn(share)
    return (cos[:, None, None] * AXIS + sin[:, None, None] * AXIS[:, None]) * 0.7


def _object_coordinates(pose: Array) -> tuple[Array, Array, Array]:
    """u, v [n, H, W] in the object's frame, and the length of a pixel in it [n, 1, 1]."""
    angle, size, x, y, aspect, mirror = (share[:, None, None] for share in pose.T)
    size = 0.75 + 0.3 * size
    cos, sin = turn(angle)
    dx = (AXIS - (x - 0.5) * 0.5) / size
    dy = (AXIS[:, None] - (y - 0.5) * 0.5) / size
    stretch = 0.85 + 0.3 * aspect
    u = (cos * dx + sin * dy) * stretch
    v = (cos * dy - sin * dx) / stretch * np.where(mirror < 0.5, 1.0, -1.0)
    return u, v, 2 / SIDE / size


def _cover(distance: Array, pixel: Array) -> Array:
    """Share [n, H, W, 1] of each pixel that lies inside the outline: anti-aliasing."""
    return np.clip(0.5 - distance / pixel, 0, 1)[..., None]


def _paint(kind: str, textures: Array, nuisance: Nuisance) -> Array:
    """Images of one class, uint8 [n, H, W, 3]; textures [n] are indices into TEXTURES."""
    outline = KINDS[kind][0]
    u, v, pixel = _object_coordinates(nuisance.pose)
    ground, base, mark = (nuisance.color[:, i, None, None, :] for i in range(3))
    gain, light_way, light, ground_way, ground_fall = (x[:, None, None] for x in nuisance.light.T)
    image = ground + (_along(ground_way[:, 0, 0]) * (ground_fall - 0.5) * 0.3)[..., None]
    image = _blend(image, *_clutter(nuisance.clutter))
    body = _blend(base, mark, _texture(u, v, textures, nuisance.texture))
    image = _blend(image, body, _cover(outline(u, v), pixel))
    shade = (0.8 + 0.4 * gain) * (1 + _along(light_way[:, 0, 0]) * light * 0.4)
    image = image * shade[..., None] + (nuisance.noise - 0.5) * 0.12
    return np.floor(np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)


def _blend(below: Array, above: Array, cover: Array) -> Array:
    return below + (above - below) * cover


def _texture(u: Array, v: Array, textures: Array, shares: Array) -> Array:
    """Share [n, H, W, 1] of the mark's color over the base color."""
    value = np.empty_like(u)
    for index, pattern in enumerate(TEXTURES.values()):
        of = textures == index
        f, p, q = (share[:, None, None] for share in shares[of].T)
        value[of] = pattern(u[of], v[of], 1.5 + 0.8 * f, p, q)
    return np.clip(0.5 + 1.2 * value, 0, 1)[..., None]


def _clutter(shares: Array) -> tuple[Array, Array]:
    """Color [n, 1, 1, 3] and cover [n, H, W, 1] of at most one small disc at the border."""
    there, way, distance, radius = (share[:, None, None] for share in shares[:, :4].T)
    cos, sin = turn(way)
    reach = 0.7 + 0.4 * distance
    disc = _disc(AXIS - cos * reach, AXIS[:, None] - sin * reach, 0.12 + 0.15 * radius)
    return shares[:, None, None, 4:], _cover(disc, np.array(2 / SIDE)) * (there < 0.5)[..., None]


def plan(split: str, number: int) -> tuple[Array, Array, Nuisance]:
    """Labels [BLOCK], balanced; textures [BLOCK], tied to them; nuisance, drawn without them."""
    seed = np.random.SeedSequence([0, list(COUNTS).index(split), number])
    generator = np.random.Generator(np.random.PCG64(seed))
    labels = np.argsort(generator.random(BLOCK), kind="stable") % len(KINDS)
    own = np.array([list(TEXTURES).index(texture) for _, texture in KINDS.values()])[labels]
    tie, other = generator.random((2, BLOCK))
    textures = np.where(tie < TIE, own, np.floor(other * len(TEXTURES)).astype(int))
    return labels, textures, Nuisance.draw(generator, BLOCK)


def block(split: str, number: int) -> tuple[Array, Array]:
    """One block: images uint8 [BLOCK, H, W, 3] and labels int64 [BLOCK], balanced."""
    labels, textures, nuisance = plan(split, number)
    images = np.empty((BLOCK, SIDE, SIDE, 3), np.uint8)
    for label, kind in enumerate(KINDS):
        index = np.flatnonzero(labels == label)
        images[index] = _paint(kind, textures[index], nuisance.of(index))
    return images, labels


def draw(split: str, n: int) -> tuple[Array, Array]:
    """The first n images uint8 [n, 32, 32, 3] and labels int64 [n] of a split."""
    blocks = [block(split, number) for number in range(-(-n // BLOCK))]
    images, labels = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    return images[:n], labels[:n]
