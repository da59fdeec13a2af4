"""Parts that an avatar wears. Each is modelled around its slot, so a loader only puts it there."""
import math

from shapes import (
    AMBER, CLOTH, CREAM, CYAN, DARK, GOLD, IRON, LEAF, LIME, ROSE, SHELL, STONE, TRIM, VIOLET, WHITE, WOOD,
    band, box, cone, lathe, ring, sheet, sphere,
)

QUARTER = math.pi / 2
BOTH = (-1, 1)


def wizard_hood():
    return [
        cone((0, 0.02, 0.2), 0.47, 0.36, 0.05, VIOLET, (-0.12, 0, 0), 14),
        lathe([(0.36, 0.2), (0.3, 0.36), (0.2, 0.56), (0.12, 0.7)], VIOLET, 12),
        cone((0.05, 0.07, 0.8), 0.13, 0.02, 0.3, VIOLET, (-0.35, 0.4, 0), 10),
        ring((0, 0, 0.26), 0.345, 0.03, GOLD, around=16, across=4),
        *[box((0.345 * math.sin(a), -0.345 * math.cos(a), 0.36), (0.05, 0.02, 0.05), CYAN, (0, 0.78, a)) for a in (-0.7, 0, 0.7)],
        sphere((0.13, 0.13, 0.96), 0.05, CYAN, 8, 6),
    ]


def druid_antlers():
    pieces = [ring((0, 0, 0.2), 0.315, 0.04, LEAF, (-0.1, 0, 0), 14, 4)]
    for s in BOTH:
        pieces += [
            cone((s * 0.27, 0.02, 0.42), 0.045, 0.03, 0.4, WOOD, (0, s * 0.45, 0), 6),
            cone((s * 0.42, -0.02, 0.68), 0.03, 0.012, 0.28, WOOD, (0.3, s * 0.2, 0), 5),
            cone((s * 0.38, 0.1, 0.58), 0.026, 0.01, 0.22, WOOD, (-0.8, s * 0.5, 0), 5),
            sphere((s * 0.455, -0.075, 0.83), 0.034, LIME, 6, 5),
            sphere((s * 0.46, 0.2, 0.66), 0.028, LIME, 6, 5),
            *[cone((s * x, -0.22, 0.24), 0.06, 0.0, 0.13, LEAF, (1.1, s * x * 2, 0), 4) for x in (0.1, 0.2)],
        ]
    return pieces


def warrior_helm():
    return [
        lathe([(0.375, -0.05), (0.38, 0.08), (0.34, 0.22), (0.22, 0.34), (0.02, 0.39)], IRON, 14),
        box((0, 0.02, 0.37), (0.07, 0.52, 0.16), ROSE, bevel=0.02, taper=0.6),
        ring((0, 0, -0.03), 0.375, 0.03, GOLD, around=18, across=4),
        *[cone((s * 0.37, 0.04, 0.13), 0.07, 0.0, 0.38, GOLD, (-0.2, s * 0.75, 0), 8) for s in BOTH],
        band((0, 0, 0.03), (0.385, 0.385, 0.36), DARK, -0.02, 0.2, 0.8, 0.02, 8, 1),
        *[box((s * 0.14, -0.385, 0.07), (0.12, 0.03, 0.03), ROSE) for s in BOTH],
    ]


def negotiator_hat():
    return [
        lathe([(0.46, 0.2), (0.47, 0.225), (0.27, 0.24), (0.245, 0.3), (0.26, 0.56), (0.2, 0.6)], TRIM, 16),
        ring((0, 0, 0.27), 0.262, 0.032, GOLD, around=16, across=4),
        box((0.23, -0.14, 0.4), (0.1, 0.02, 0.16), LIME, (0.1, 0.3, 1.0)),
    ]


def monk_halo():
    return [
        ring((0, 0.18, 0.3), 0.42, 0.025, AMBER, (QUARTER - 0.12, 0, 0), 26, 5),
        ring((0, 0.2, 0.3), 0.31, 0.012, WHITE, (QUARTER - 0.12, 0, 0), 22, 4),
        *[
            box(
                (0.51 * math.sin(a), 0.18, 0.3 + 0.51 * math.cos(a)),
                (0.035, 0.03, 0.13 if i % 2 else 0.08),
                AMBER,
                (0, a, 0),
            )
            for i, a in enumerate(2 * math.pi * k / 10 for k in range(10))
        ],
    ]


def trader_goggles():
    return [
        band((0, 0.33, 0), (0.34, 0.345, 0.32), TRIM, -0.1, 0.16, 1.3, 0.018, 12, 1),
        *[cone((s * 0.12, -0.015, 0.01), 0.095, 0.085, 0.06, GOLD, (QUARTER, 0, 0), 12) for s in BOTH],
        *[cone((s * 0.12, -0.04, 0.01), 0.07, 0.07, 0.03, LIME, (QUARTER, 0, 0), 10) for s in BOTH],
    ]


def warrior_plate():
    return [
        box((0, -0.2, 0.05), (0.46, 0.22, 0.34), IRON, bevel=0.05, taper=0.86, segments=2),
        box((0, -0.325, 0.1), (0.2, 0.04, 0.16), GOLD, bevel=0.02),
        sphere((0, -0.345, 0.1), (0.055, 0.03, 0.055), ROSE, 8, 6),
        *[sphere((s * 0.4, 0, 0.2), (0.19, 0.2, 0.15), IRON, 12, 8) for s in BOTH],
        *[ring((s * 0.41, 0, 0.16), 0.175, 0.022, GOLD, (0, s * 0.35, 0), 14, 4) for s in BOTH],
        *[cone((s * 0.44, 0, 0.38), 0.045, 0, 0.2, GOLD, (0, s * 0.35, 0), 6) for s in BOTH],
        ring((0, 0, -0.14), 0.255, 0.03, GOLD, around=16, across=4),
    ]


def monk_robe():
    sash = [(-0.2, -0.27, 0.2), (-0.06, -0.32, 0.2), (0.26, -0.22, -0.2), (0.14, -0.27, -0.26)]
    beads = [sphere((0.2 * math.sin(a), -0.31 - 0.02 * math.cos(a), 0.06 - 0.2 * math.cos(a)), 0.032, WOOD, 6, 5)
             for a in (-1.3, -0.9, -0.5, 0.5, 0.9, 1.3)]
    return [
        lathe([(0.34, 0.08), (0.35, 0.14), (0.26, 0.21), (0.14, 0.24)], AMBER[:3] + (1.0,), 14),
        sheet(sash, [(0, 1, 2, 3)], AMBER[:3] + (1.0,), 0.02),
        ring((0, 0, -0.2), 0.24, 0.035, WOOD, around=14, across=4),
        *beads,
        sphere((0, -0.335, -0.145), (0.05, 0.03, 0.05), LIME, 8, 6),
    ]


def druid_pack():
    return [
        box((0, 0.06, 0), (0.34, 0.18, 0.4), WOOD, bevel=0.05, segments=2),
        *[cone((s * 0.13, 0.17, -0.1), 0.07, 0.05, 0.2, IRON, sides=9) for s in BOTH],
        *[sphere((s * 0.13, 0.17, 0.02), (0.05, 0.05, 0.06), LIME, 8, 6) for s in BOTH],
        cone((0, 0.08, 0.34), 0.02, 0.01, 0.34, WOOD, (0, 0.1, 0), 5),
        *[cone((0.02 + 0.1 * math.cos(a), 0.08 + 0.1 * math.sin(a), 0.44), 0.1, 0.0, 0.2, LEAF, (0.9 * math.sin(a), 0.9 * math.cos(a), 0), 4)
          for a in (0.3, 1.9, 3.4, 5.0)],
    ]


def wizard_wings():
    """Two fans of screens, as if a terminal had been folded into a cape."""
    pieces = [box((0, 0.04, 0.05), (0.2, 0.08, 0.26), TRIM, bevel=0.03)]
    for s in BOTH:
        for i in range(4):
            a = 0.95 - 0.42 * i
            reach = 0.42 + 0.05 * (i % 2)
            pieces.append(box((s * (0.1 + reach * 0.6 * math.cos(a)), 0.1 + 0.015 * i, 0.08 + reach * 0.6 * math.sin(a)),
                              (reach, 0.015, 0.11), VIOLET, (0, -s * a, 0)))
            pieces.append(box((s * (0.1 + reach * 0.98 * math.cos(a)), 0.095 + 0.015 * i, 0.08 + reach * 0.98 * math.sin(a)),
                              (0.1, 0.02, 0.1), CYAN, (0, -s * a, 0)))
    return pieces


def warrior_jets():
    pieces = [box((0, 0.07, 0.02), (0.3, 0.16, 0.34), IRON, bevel=0.04, segments=2), box((0, 0.16, 0.06), (0.06, 0.02, 0.2), ROSE)]
    for s in BOTH:
        pieces += [
            cone((s * 0.2, 0.12, 0.02), 0.085, 0.075, 0.34, TRIM, sides=10, bevel=0.02),
            cone((s * 0.2, 0.12, -0.2), 0.1, 0.06, 0.12, GOLD, sides=10),
            cone((s * 0.2, 0.12, -0.36), 0.0, 0.07, 0.24, AMBER, sides=8),
            cone((s * 0.2, 0.12, 0.24), 0.075, 0.0, 0.12, IRON, sides=10),
        ]
    return pieces


def blade():
    return [
        cone((0, -0.02, 0), 0.03, 0.03, 0.16, TRIM, (QUARTER, 0, 0), 7),
        ring((0, -0.12, 0), 0.06, 0.018, GOLD, (QUARTER, 0, 0), 12, 4),
        box((0, -0.5, 0), (0.028, 0.72, 0.085), ROSE),
        box((0, -0.5, 0), (0.034, 0.68, 0.026), WHITE),
    ]


def wizard_staff():
    return [
        cone((0, 0, 0.25), 0.028, 0.024, 1.5, WOOD, sides=7),
        ring((0, 0, 1.12), 0.13, 0.022, GOLD, (QUARTER, 0, 0), 16, 4),
        sphere((0, 0, 1.12), (0.075, 0.075, 0.1), CYAN, 8, 6),
        *[cone((s * 0.11, 0, 1.3), 0.024, 0.0, 0.16, GOLD, (0, s * 0.4, 0), 5) for s in BOTH],
        ring((0, 0, 0.1), 0.034, 0.012, GOLD, around=8, across=4),
    ]


def negotiator_case():
    return [
        box((0, 0, -0.2), (0.12, 0.42, 0.3), WOOD, bevel=0.03, segments=2),
        ring((0, 0, -0.03), 0.07, 0.014, TRIM, (0, QUARTER, 0), 12, 4),
        *[box((0, y, -0.2), (0.13, 0.035, 0.31), GOLD) for y in (-0.13, 0.13)],
        box((0.065, 0, -0.12), (0.02, 0.06, 0.05), LIME),
    ]


def druid_lantern():
    return [
        ring((0, 0, -0.04), 0.06, 0.012, WOOD, (0, QUARTER, 0), 10, 4),
        cone((0, 0, -0.12), 0.1, 0.02, 0.07, STONE, sides=6),
        sphere((0, 0, -0.22), (0.075, 0.075, 0.09), LIME, 8, 6),
        cone((0, 0, -0.32), 0.05, 0.1, 0.05, STONE, sides=6),
        *[box((0.085 * math.cos(a), 0.085 * math.sin(a), -0.22), (0.016, 0.016, 0.2), STONE) for a in (0.5, 2.6, 4.7)],
    ]


# name: (slot, what builds it)
PARTS = {
    "wizard-hood": ("head", wizard_hood),
    "druid-antlers": ("head", druid_antlers),
    "warrior-helm": ("head", warrior_helm),
    "negotiator-hat": ("head", negotiator_hat),
    "monk-halo": ("head", monk_halo),
    "trader-goggles": ("face", trader_goggles),
    "warrior-plate": ("chest", warrior_plate),
    "monk-robe": ("chest", monk_robe),
    "druid-pack": ("back", druid_pack),
    "wizard-wings": ("back", wizard_wings),
    "warrior-jets": ("back", warrior_jets),
    "blade": ("hand.R", blade),
    "wizard-staff": ("hand.R", wizard_staff),
    "negotiator-case": ("hand.L", negotiator_case),
    "druid-lantern": ("hand.L", druid_lantern),
}
