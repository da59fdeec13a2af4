"""The skeleton that all avatars share, its slots, and what it can do.

One skeleton for all races: one baked animation serves every avatar, and a part fits whoever wears it.
"""
import math

import bpy
from mathutils import Matrix

# name: (parent, head, tail). The character looks along -Y; its left hand is at +X.
BONES = {
    "root": (None, (0, 0, 0), (0, 0, 0.3)),
    "body": ("root", (0, 0, 0.62), (0, 0, 1.1)),
    "head": ("body", (0, 0, 1.12), (0, 0, 1.6)),
    "arm.L": ("body", (0.33, 0, 1.02), (0.42, 0, 0.6)),
    "arm.R": ("body", (-0.33, 0, 1.02), (-0.42, 0, 0.6)),
    "leg.L": ("root", (0.14, 0, 0.58), (0.14, 0, 0.05)),
    "leg.R": ("root", (-0.14, 0, 0.58), (-0.14, 0, 0.05)),
}

# name: (bone, where). A part is modelled around its slot.
SLOTS = {
    "head": ("head", (0, 0, 1.38)),
    "face": ("head", (0, -0.33, 1.38)),
    "chest": ("body", (0, 0, 0.88)),
    "back": ("body", (0, 0.28, 0.9)),
    "hand.L": ("arm.L", (0.42, 0, 0.56)),
    "hand.R": ("arm.R", (-0.42, 0, 0.56)),
}

TURN = 2 * math.pi
sin = math.sin


def swing(u, times=1, shift=0.0):
    return sin(u * TURN * times + shift)


# name: (frames at 30 a second, pose at u in 0..1).
# A pose is bone: (x, y, z, lift): x bends forward, y twists, z swings sideways, in the bone's own axes.
CLIPS = {
    "idle": (60, lambda u: {
        "body": (0.02 * swing(u), 0, 0, 0.012 * swing(u)),
        "head": (0.04 * swing(u, 1, 1), 0.13 * swing(u), 0),
        "arm.L": (0.05 * swing(u), 0, 0.07),
        "arm.R": (-0.05 * swing(u), 0, -0.07),
    }),
    "walk": (30, lambda u: {
        "body": (0.07, 0.07 * swing(u), 0, 0.04 * abs(swing(u))),
        "head": (-0.04, -0.05 * swing(u), 0),
        "arm.L": (0.75 * swing(u), 0, 0.08),
        "arm.R": (-0.75 * swing(u), 0, -0.08),
        "leg.L": (-0.72 * swing(u), 0, 0),
        "leg.R": (0.72 * swing(u), 0, 0),
    }),
    "run": (20, lambda u: {
        "body": (0.24, 0.1 * swing(u), 0, 0.09 * abs(swing(u))),
        "head": (-0.16, -0.08 * swing(u), 0),
        "arm.L": (1.15 * swing(u) - 0.3, 0, 0.16),
        "arm.R": (-1.15 * swing(u) - 0.3, 0, -0.16),
        "leg.L": (-1.05 * swing(u), 0, 0),
        "leg.R": (1.05 * swing(u), 0, 0),
    }),
    "wave": (60, lambda u: {
        "body": (0, 0, 0.04, 0.01 * swing(u)),
        "head": (0, 0, 0.12 + 0.05 * swing(u, 2)),
        "arm.R": (0, 0, -2.5 + 0.38 * swing(u, 4)),
        "arm.L": (0.05, 0, 0.12),
    }),
    "dance": (60, lambda u: {
        "body": (0, 0.35 * swing(u, 2), 0.1 * swing(u, 2), 0.07 * abs(swing(u, 4))),
        "head": (0.12 * swing(u, 4), 0, -0.12 * swing(u, 2)),
        "arm.L": (0.6 * swing(u, 4), 0, 1.4 + 0.4 * swing(u, 2)),
        "arm.R": (-0.6 * swing(u, 4), 0, -1.4 + 0.4 * swing(u, 2)),
        "leg.L": (-0.3 * max(0.0, swing(u, 2)), 0, 0),
        "leg.R": (-0.3 * max(0.0, -swing(u, 2)), 0, 0),
    }),
    "cheer": (45, lambda u: {
        "body": (-0.06, 0, 0, 0.16 * abs(swing(u, 1.5))),
        "head": (-0.16, 0, 0.06 * swing(u, 3)),
        "arm.L": (0.1 * swing(u, 3), 0, 2.65 + 0.18 * swing(u, 3)),
        "arm.R": (-0.1 * swing(u, 3), 0, -2.65 + 0.18 * swing(u, 3)),
    }),
    "sit": (60, lambda u: {
        "body": (0.05 + 0.02 * swing(u), 0, 0, -0.36),
        "head": (0.03 * swing(u, 1, 1), 0.16 * swing(u), 0),
        "arm.L": (-0.5, 0, 0.12),
        "arm.R": (-0.5, 0, -0.12),
        "leg.L": (-1.45, 0, 0.14, -0.36),
        "leg.R": (-1.45, 0, -0.14, -0.36),
    }),
}


def skeleton():
    data = bpy.data.armatures.new("Rig")
    rig = bpy.data.objects.new("Rig", data)
    bpy.context.collection.objects.link(rig)
    bpy.context.view_layer.objects.active = rig
    bpy.ops.object.mode_set(mode="EDIT")
    for name, (parent, head, tail) in BONES.items():
        bone = data.edit_bones.new(name)
        bone.head, bone.tail = head, tail
        if parent is not None:
            bone.parent = data.edit_bones[parent]
    bpy.ops.object.mode_set(mode="OBJECT")
    return rig


def slots(rig, scales):
    """Empties that say where parts go; `scales` fits them to a race."""
    empties = []
    for name, (bone, at) in SLOTS.items():
        empty = bpy.data.objects.new(f"slot.{name}", None)
        bpy.context.collection.objects.link(empty)
        empty.parent, empty.parent_type, empty.parent_bone = rig, "BONE", bone
        bpy.context.view_layer.update()
        scale, offset = scales.get(name, (1, (0, 0, 0)))
        place = tuple(a + b for a, b in zip(at, offset))
        empty.matrix_world = Matrix.Translation(place) @ Matrix.Scale(scale, 4)
        empty["slot"] = name
        empties.append(empty)
    return empties


def animate(rig):
    """Keys every other frame and straight lines between them: simple to read, and close enough to the curve."""
    bpy.context.scene.render.fps = 30
    rig.animation_data_create()
    for name, (frames, pose_at) in CLIPS.items():
        action = bpy.data.actions.new(name)
        rig.animation_data.action = action
        for frame in sorted({*range(0, frames, 2), frames}):
            pose = pose_at(frame / frames)
            for bone in BONES:
                posed = rig.pose.bones[bone]
                posed.rotation_mode = "XYZ"
                x, y, z, *lift = pose.get(bone, (0, 0, 0))
                posed.rotation_euler = (x, y, z)
                posed.keyframe_insert("rotation_euler", frame=frame)
                raised = lift[0] if lift else 0
                # A bone's own Y runs along it: up for the body, down for a leg.
                posed.location = (0, raised if bone == "body" else -raised, 0)
                posed.keyframe_insert("location", frame=frame)
        for curve in action.fcurves:
            for key in curve.keyframe_points:
                key.interpolation = "LINEAR"
        track = rig.animation_data.nla_tracks.new()
        track.name = name
        track.strips.new(name, 0, action)
    rig.animation_data.action = None
