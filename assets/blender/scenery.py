"""What stands in a place: the gate of a portal, a lamp, a bench, an incubator. Trees, rocks and land are made in code."""
import math

from shapes import (
    AMBER, CYAN, DARK, GOLD, IRON, LIME, SHELL, STONE, STONE_DARK, TRIM, WHITE, WOOD,
    box, cone, lathe, ring, sphere,
)

QUARTER = math.pi / 2


def portal():
    """A ring of stones on three steps. What glows is dyed by its place, so it is white here."""
    pieces = [
        cone((0, 0, 0.11 + 0.22 * k), 4.2 - 0.55 * k, 4.05 - 0.55 * k, 0.22, STONE if k == 2 else STONE_DARK, sides=10, bevel=0.05)
        for k in range(3)
    ]
    inner, stones = 2.9, 13
    middle = 0.5 + inner
    for i in range(stones):
        a = -QUARTER + (i + 0.5) / stones * 2 * math.pi
        if math.sin(a) < -0.9:
            continue
        size = 1 + 0.05 * ((i * 7) % 5 - 2)
        out = inner + 0.42
        at = (math.cos(a) * out, 0, middle + math.sin(a) * out)
        turn = (0, QUARTER - a, 0)
        pieces.append(box(at, (1.3 * size, 0.95 * size, 0.85 * size), STONE if i % 2 else STONE_DARK, turn, 0.09, 1.12))
        near = inner + 0.02
        pieces.append(box((math.cos(a) * near, 0, middle + math.sin(a) * near), (0.85, 0.4, 0.07), WHITE, turn))
        for side in (-1, 1):
            pieces.append(box((at[0], side * 0.5 * size, at[2]), (0.13, 0.06, 0.34), WHITE, turn))
    pieces.append(box((0, 0, middle + inner + 1.2), (0.46, 0.34, 0.46), WHITE, (0, QUARTER / 2, 0)))
    for x in (-3.55, 3.55):
        pieces.append(lathe([(0.4, 0.3), (0.3, 0.7), (0.2, 1.7), (0.32, 1.85), (0.26, 2.0)], STONE_DARK, 8, (x, 0, 0)))
        pieces.append(sphere((x, 0, 2.28), (0.2, 0.2, 0.28), WHITE, 6, 5))
    return pieces


def lamp():
    return [
        lathe([(0.2, 0.0), (0.17, 0.12), (0.075, 0.24), (0.055, 2.15), (0.12, 2.26), (0.22, 2.34)], TRIM, 8),
        cone((0, 0, 2.56), 0.14, 0.19, 0.4, AMBER, sides=6),
        cone((0, 0, 2.9), 0.32, 0.02, 0.3, TRIM, sides=8),
        *[box((0.19 * math.cos(a), 0.19 * math.sin(a), 2.56), (0.025, 0.025, 0.44), DARK) for a in (0, QUARTER, 2 * QUARTER, 3 * QUARTER)],
        sphere((0, 0, 3.08), 0.05, GOLD, 6, 5),
    ]


def bench():
    return [
        *[box((0, y, 0.46), (1.9, 0.15, 0.08), WOOD, bevel=0.02) for y in (-0.2, 0, 0.2)],
        *[box((x, 0, 0.22), (0.16, 0.56, 0.44), STONE_DARK, bevel=0.04, taper=0.8) for x in (-0.72, 0.72)],
        *[box((x, -0.26, 0.3), (0.05, 0.03, 0.2), LIME) for x in (-0.72, 0.72)],
    ]


def incubator():
    """Where an Origin of Shell is fed: a cradle of ribs around an egg."""
    egg = [(0.02, 0.62), (0.3, 0.74), (0.44, 1.0), (0.46, 1.22), (0.36, 1.55), (0.18, 1.78), (0.02, 1.85)]
    pieces = [
        lathe([(0.95, 0.0), (0.95, 0.14), (0.8, 0.22), (0.62, 0.3), (0.55, 0.48), (0.66, 0.56)], IRON, 12),
        ring((0, 0, 0.24), 0.74, 0.03, LIME, around=22, across=4),
        lathe(egg, SHELL, 10),
        *[ring((0, 0, z), r, 0.018, LIME, around=16, across=4) for z, r in ((1.02, 0.455), (1.42, 0.42))],
    ]
    for i in range(4):
        a = QUARTER * i + QUARTER / 2
        c, s = math.cos(a), math.sin(a)
        pieces += [
            box((0.7 * c, 0.7 * s, 0.72), (0.12, 0.1, 0.8), TRIM, (0, 0.3, a), 0.02, 0.7),
            box((0.72 * c, 0.72 * s, 1.36), (0.09, 0.08, 0.66), TRIM, (0, -0.28, a), 0.02, 0.6),
            sphere((0.63 * c, 0.63 * s, 1.72), 0.05, CYAN, 6, 5),
        ]
    return pieces


SCENERY = {"portal": portal, "lamp": lamp, "bench": bench, "incubator": incubator}
