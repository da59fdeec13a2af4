"""The four races. Each is a body for the shared skeleton: pieces by bone, and how parts are fitted to it."""
import math

from shapes import (
    AMBER, CLOTH, CREAM, CYAN, DARK, FUR, GOLD, IRON, LIME, ROSE, SHELL, SKIN, TRIM, WHITE,
    band, box, cone, lathe, ring, sheet, sphere,
)

SIDES = ((1, "L"), (-1, "R"))
QUARTER = math.pi / 2


def pandroid():
    """An awakened robot: a round helmet with a visor, and antennae."""
    pieces = {
        "body": [
            cone((0, 0, 0.78), 0.19, 0.33, 0.36, SHELL, sides=14, bevel=0.05, segments=2),
            cone((0, 0, 1.02), 0.33, 0.17, 0.14, SHELL, sides=14, bevel=0.04),
            sphere((0, -0.285, 0.9), (0.075, 0.035, 0.075), LIME, 10, 6),
            ring((0, -0.275, 0.9), 0.098, 0.02, TRIM, (QUARTER, 0, 0), 12, 4),
            cone((0, 0, 0.58), 0.17, 0.21, 0.1, TRIM, sides=12),
            box((0, 0.27, 0.92), (0.28, 0.12, 0.3), TRIM, bevel=0.03),
            box((0, 0.335, 0.94), (0.05, 0.02, 0.18), LIME),
        ],
        "head": [
            sphere((0, 0, 1.38), (0.335, 0.325, 0.315), SHELL, 18, 12),
            band((0, 0, 1.385), (0.335, 0.33, 0.315), DARK, -0.34, 0.42, 1.05, 0.022),
            *[sphere((x, -0.337, 1.4), (0.042, 0.022, 0.058), LIME, 8, 6) for x in (-0.105, 0.105)],
            *[cone((s * 0.335, 0, 1.38), 0.105, 0.07, 0.07, TRIM, (0, s * QUARTER, 0), 10) for s in (-1, 1)],
            *[cone((s * 0.375, 0.02, 1.57), 0.018, 0.01, 0.3, TRIM, (0, s * 0.22, 0), 5) for s in (-1, 1)],
            *[sphere((s * 0.41, 0.02, 1.73), 0.036, LIME, 7, 5) for s in (-1, 1)],
        ],
    }
    for s, side in SIDES:
        pieces[f"arm.{side}"] = [
            sphere((s * 0.375, 0, 1.02), 0.125, SHELL, 10, 7),
            cone((s * 0.41, 0, 0.87), 0.055, 0.06, 0.22, TRIM, sides=8),
            cone((s * 0.42, 0, 0.7), 0.1, 0.075, 0.22, SHELL, sides=10, bevel=0.025),
            sphere((s * 0.42, 0, 0.565), 0.078, TRIM, 8, 6),
        ]
        pieces[f"leg.{side}"] = [
            cone((s * 0.14, 0, 0.44), 0.07, 0.085, 0.26, TRIM, sides=8),
            cone((s * 0.14, 0, 0.22), 0.13, 0.085, 0.26, SHELL, sides=10, bevel=0.03),
            box((s * 0.14, -0.04, 0.06), (0.2, 0.33, 0.12), TRIM, bevel=0.04),
        ]
    return pieces, {}


def cyborg():
    """Half human: hair, a face with one lit eye, a long coat, a bionic arm and leg."""
    hair = colour_of_hair = CLOTH
    pieces = {
        "body": [
            lathe([(0.27, 0.5), (0.25, 0.62), (0.215, 0.74), (0.27, 0.94), (0.25, 1.03), (0.12, 1.1)], SHELL, 14),
            ring((0, 0, 0.7), 0.222, 0.026, TRIM, around=14, across=4),
            box((0, -0.232, 0.7), (0.09, 0.04, 0.08), GOLD, bevel=0.015),
            cone((0, 0, 1.08), 0.1, 0.085, 0.12, SKIN, sides=10),
            *[box((s * 0.12, -0.2, 0.98), (0.1, 0.09, 0.2), TRIM, (0.22, s * 0.2, s * 0.35), 0.02) for s in (-1, 1)],
            sphere((0.1, -0.245, 0.86), (0.032, 0.02, 0.032), CYAN, 8, 5),
            sheet([(-0.2, 0.2, 0.72), (0.2, 0.2, 0.72), (0.27, 0.3, 0.26), (-0.27, 0.3, 0.26)], [(0, 1, 2, 3)], SHELL, 0.03),
        ],
        "head": [
            sphere((0, 0, 1.36), (0.255, 0.255, 0.275), SKIN, 14, 10),
            sphere((0, 0.045, 1.43), (0.285, 0.275, 0.26), hair, 14, 9),
            *[cone((x, -0.2, 1.56), 0.07, 0.015, 0.17, colour_of_hair, (1.9, 0, x * 1.6), 6) for x in (-0.15, -0.05, 0.06, 0.15)],
            sphere((0.095, -0.232, 1.38), (0.036, 0.025, 0.05), DARK, 8, 6),
            band((0, 0, 1.385), (0.262, 0.265, 0.28), TRIM, -0.12, 0.24, 0.62, 0.014, 6, 1),
            sphere((-0.1, -0.272, 1.395), (0.05, 0.02, 0.046), CYAN, 10, 6),
            box((-0.09, -0.225, 1.24), (0.12, 0.09, 0.1), IRON, (0, 0, -0.3), 0.02),
            cone((-0.265, 0, 1.37), 0.075, 0.05, 0.06, TRIM, (0, -QUARTER, 0), 8),
        ],
        "arm.L": [
            sphere((0.345, 0, 1.0), 0.105, SHELL, 10, 7),
            cone((0.39, 0, 0.83), 0.075, 0.09, 0.32, SHELL, (0, -0.14, 0), 9),
            cone((0.415, 0, 0.66), 0.09, 0.085, 0.07, TRIM, sides=9),
            sphere((0.42, 0, 0.575), 0.065, SKIN, 8, 6),
        ],
        "arm.R": [
            sphere((-0.355, 0, 1.01), 0.125, IRON, 10, 7),
            ring((-0.37, 0, 0.93), 0.08, 0.02, GOLD, around=10, across=4),
            cone((-0.4, 0, 0.85), 0.05, 0.06, 0.2, TRIM, sides=7),
            cone((-0.42, 0, 0.69), 0.105, 0.07, 0.22, IRON, sides=8, bevel=0.015),
            box((-0.525, 0, 0.69), (0.02, 0.05, 0.14), CYAN),
            sphere((-0.42, 0, 0.56), 0.08, TRIM, 7, 5),
        ],
        "leg.L": [
            cone((0.135, 0, 0.4), 0.085, 0.105, 0.36, TRIM, sides=9),
            cone((0.14, 0, 0.16), 0.105, 0.095, 0.2, CLOTH, sides=9, bevel=0.02),
            box((0.14, -0.05, 0.055), (0.18, 0.32, 0.11), TRIM, bevel=0.04),
        ],
        "leg.R": [
            sphere((-0.14, 0, 0.52), 0.1, IRON, 8, 6),
            cone((-0.14, 0, 0.37), 0.045, 0.055, 0.24, TRIM, sides=7),
            cone((-0.14, 0, 0.19), 0.105, 0.07, 0.22, IRON, sides=8, bevel=0.015),
            box((-0.14, -0.11, 0.22), (0.05, 0.02, 0.12), CYAN),
            box((-0.14, -0.04, 0.055), (0.19, 0.32, 0.11), IRON, bevel=0.03),
        ],
    }
    return pieces, {
        "head": (0.86, (0, 0, 0.0)),
        "face": (0.86, (0, 0.05, 0)),
        "chest": (0.88, (0, 0, 0)),
        "back": (0.95, (0, -0.02, 0)),
    }


def xgene():
    """An animal freed by a machine: ears, a snout, a tail, and a collar that still blinks."""
    ear = [(-0.1, 0.02, 0), (0.1, 0.02, 0), (0, -0.05, 0.02), (0.0, 0.0, 0.34)]
    pieces = {
        "body": [
            lathe([(0.15, 0.5), (0.235, 0.58), (0.275, 0.74), (0.25, 0.93), (0.17, 1.05), (0.1, 1.1)], FUR, 14),
            sphere((0, -0.12, 0.84), (0.165, 0.145, 0.22), CREAM, 10, 8),
            ring((0, -0.01, 1.07), 0.165, 0.035, TRIM, (-0.12, 0, 0), 14, 5),
            box((0, -0.205, 1.045), (0.085, 0.05, 0.085), IRON, bevel=0.015),
            sphere((0, -0.235, 1.045), (0.03, 0.02, 0.03), AMBER, 8, 5),
            *tail(),
        ],
        "head": [
            sphere((0, 0, 1.38), (0.32, 0.295, 0.285), FUR, 16, 11),
            *[sphere((s * 0.205, -0.1, 1.295), (0.14, 0.15, 0.115), CREAM, 8, 6) for s in (-1, 1)],
            cone((0, -0.33, 1.325), 0.135, 0.062, 0.2, CREAM, (QUARTER, 0, 0), 10, 0.02),
            sphere((0, -0.435, 1.35), (0.047, 0.035, 0.037), DARK, 8, 5),
            *[sphere((s * 0.125, -0.262, 1.435), (0.04, 0.025, 0.06), AMBER, 8, 6) for s in (-1, 1)],
            *[sphere((s * 0.125, -0.285, 1.435), (0.013, 0.01, 0.046), DARK, 6, 5) for s in (-1, 1)],
            *[ear_at(s, ear) for s in (-1, 1)],
            *[ear_inside(s) for s in (-1, 1)],
            *[cone((x, -0.2, 1.63), 0.05, 0.0, 0.15, FUR, (1.0, x * 3, 0), 5) for x in (-0.06, 0.05)],
        ],
    }
    for s, side in SIDES:
        pieces[f"arm.{side}"] = [
            sphere((s * 0.34, 0, 1.0), 0.105, FUR, 9, 7),
            cone((s * 0.385, 0, 0.82), 0.08, 0.085, 0.3, FUR, (0, s * -0.14, 0), 9),
            cone((s * 0.415, 0, 0.67), 0.085, 0.08, 0.07, TRIM, sides=9),
            sphere((s * 0.42, -0.01, 0.575), (0.085, 0.09, 0.075), CREAM, 8, 6),
        ]
        pieces[f"leg.{side}"] = [
            sphere((s * 0.14, 0.01, 0.47), (0.125, 0.14, 0.16), FUR, 9, 7),
            cone((s * 0.14, 0.03, 0.25), 0.07, 0.09, 0.3, FUR, (0.16, 0, 0), 8),
            sphere((s * 0.14, -0.06, 0.07), (0.115, 0.18, 0.085), CREAM, 9, 6),
        ]
    return pieces, {"head": (0.97, (0, 0.02, 0.0)), "face": (0.9, (0, 0.02, 0.05)), "chest": (0.92, (0, 0, 0))}


def ear_at(side, points):
    moved = [(side * 0.2 + x + side * z * 0.28, y + 0.01, 1.56 + z) for x, y, z in points]
    return sheet(moved, [(0, 2, 3), (2, 1, 3), (1, 0, 3)], FUR)


def ear_inside(side):
    inner = [(-0.055, -0.035, 0.05), (0.055, -0.035, 0.05), (0.0, -0.016, 0.26)]
    return sheet([(side * 0.2 + x + side * z * 0.28, y - 0.01, 1.56 + z) for x, y, z in inner], [(0, 1, 2)], ROSE)


def tail():
    """A brush that rises behind: thick in the middle, light at its end."""
    path = [(0.0, 0.2, 0.62, 0.06), (0.03, 0.4, 0.62, 0.12), (0.08, 0.53, 0.78, 0.16), (0.1, 0.54, 0.98, 0.13), (0.07, 0.46, 1.15, 0.02)]
    sides = 8
    points, faces = [], []
    for x, y, z, r in path:
        for i in range(sides):
            turn = 2 * math.pi * i / sides
            points.append((x + r * math.cos(turn), y + r * 0.55 * math.sin(turn), z + r * 0.55 * math.sin(turn)))
    for j in range(len(path) - 1):
        for i in range(sides):
            k = (i + 1) % sides
            faces.append((j * sides + i, j * sides + k, (j + 1) * sides + k, (j + 1) * sides + i))
    split = 2 * sides
    return [sheet(points, faces[:split], FUR), sheet(points, faces[split:], CREAM)]


def spectre():
    """A mind without a body: a mask, a collar of light and a shroud that ends in the air."""
    pieces = {
        "body": [
            lathe([(0.02, 0.12), (0.1, 0.24), (0.15, 0.42), (0.2, 0.62), (0.27, 0.86), (0.3, 0.98), (0.2, 1.07), (0.1, 1.08)], SHELL, 14),
            *[shroud(i) for i in range(6)],
            ring((0, 0, 1.03), 0.25, 0.022, CYAN, around=18, across=4),
            ring((0, 0, 0.5), 0.25, 0.014, CYAN, (0.18, 0.1, 0), 18, 4),
            ring((0, 0, 0.34), 0.19, 0.012, CYAN, (-0.14, 0.12, 0), 16, 4),
            sphere((0, -0.25, 0.86), (0.055, 0.03, 0.085), WHITE, 8, 6),
        ],
        "head": [
            sphere((0, 0.03, 1.38), (0.3, 0.3, 0.315), TRIM, 14, 10),
            hood(),
            band((0, 0.02, 1.37), (0.285, 0.29, 0.3), CREAM, -0.72, 0.6, 0.78, 0.03, 8, 4),
            *[box((x, -0.31, 1.42), (0.09, 0.03, 0.03), CYAN, (0, x * 2.6, 0)) for x in (-0.1, 0.1)],
            box((0, -0.3, 1.27), (0.02, 0.03, 0.11), CYAN),
            sphere((0, -0.25, 1.585), (0.03, 0.02, 0.045), CYAN, 6, 5),
        ],
    }
    for s, side in SIDES:
        pieces[f"arm.{side}"] = [
            cone((s * 0.345, 0, 0.95), 0.1, 0.045, 0.24, SHELL, (0, s * -0.3, 0), 8),
            ring((s * 0.4, 0, 0.78), 0.07, 0.012, CYAN, around=12, across=4),
            cone((s * 0.415, 0, 0.69), 0.035, 0.07, 0.16, CLOTH, sides=7),
            sphere((s * 0.42, 0, 0.575), (0.055, 0.065, 0.075), CREAM, 7, 6),
        ]
        # Nothing stands on the ground; a splinter of light hangs where each foot would.
        pieces[f"leg.{side}"] = [cone((s * 0.12, 0.06, 0.2), 0.0, 0.035, 0.2, CYAN, sides=5)]
    return pieces, {"head": (0.98, (0, 0.02, 0.02)), "chest": (0.9, (0, 0, 0.02)), "face": (0.95, (0, 0.02, 0))}


def shroud(i):
    turn = 2 * math.pi * i / 6 + 0.3
    x, y = math.cos(turn), math.sin(turn)
    points = [
        (0.23 * math.cos(turn - 0.42), 0.23 * math.sin(turn - 0.42), 0.72),
        (0.23 * math.cos(turn + 0.42), 0.23 * math.sin(turn + 0.42), 0.72),
        (0.29 * math.cos(turn + 0.3), 0.29 * math.sin(turn + 0.3), 0.42),
        (0.27 * x, 0.27 * y, 0.16 + 0.07 * (i % 2)),
        (0.29 * math.cos(turn - 0.3), 0.29 * math.sin(turn - 0.3), 0.42),
    ]
    return sheet(points, [(0, 1, 2, 4), (4, 2, 3)], CLOTH, 0.018)


def hood():
    """Open in front, drawn to a point behind."""
    points, faces = [], []
    around, across = 12, 5
    for j in range(across + 1):
        v = j / across
        for i in range(around + 1):
            turn = -2.15 + 4.3 * i / around
            wide = 0.36 * math.sin(0.5 + 1.35 * (1 - v)) if v < 1 else 0.02
            points.append((wide * math.sin(turn), 0.05 + wide * math.cos(turn) + 0.16 * v * v, 1.12 + 0.62 * v))
    for j in range(across):
        for i in range(around):
            a = j * (around + 1) + i
            faces.append((a, a + around + 1, a + around + 2, a + 1))
    return sheet(points, faces, SHELL, 0.03)


RACES = {"cyborg": cyborg, "spectre": spectre, "xgene": xgene, "pandroid": pandroid}
