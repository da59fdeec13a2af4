"""Builds every model into a folder, one GLB each: blender -b -noaudio -P assets/blender/build.py -- FOLDER"""
import os
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))

from avatars import RACES  # noqa: E402
from parts import PARTS  # noqa: E402
from rig import animate, skeleton, slots  # noqa: E402
from scenery import SCENERY  # noqa: E402
from shapes import empty_scene, export, join  # noqa: E402

FOLDER = sys.argv[sys.argv.index("--") + 1]


def path(kind, name):
    return os.path.join(FOLDER, f"{kind}-{name}.glb")


def avatar(name, build):
    empty_scene()
    pieces, fit = build()
    limbs = []
    for bone, objects in pieces.items():
        limb = join(objects, bone)
        group = limb.vertex_groups.new(name=bone)
        group.add(range(len(limb.data.vertices)), 1.0, "REPLACE")
        limbs.append(limb)
    body = join(limbs, name)
    rig = skeleton()
    body.parent = rig
    body.modifiers.new("rig", "ARMATURE").object = rig
    empties = slots(rig, fit)
    export(path("avatar", name), [body, rig, *empties], skinned=True)


def clips():
    """The skeleton alone, with all it can do: what moves is the same for every race, and kept once."""
    empty_scene()
    rig = skeleton()
    animate(rig)
    export(path("rig", "clips"), [rig], animated=True)


def still(kind, name, build, slot=None):
    empty_scene()
    whole = join(build(), name)
    if slot is not None:
        whole["slot"] = slot
    export(path(kind, name), [whole])


os.makedirs(FOLDER, exist_ok=True)
clips()
for name, build in RACES.items():
    avatar(name, build)
for name, (slot, build) in PARTS.items():
    still("part", name, build, slot)
for name, build in SCENERY.items():
    still("scenery", name, build)
