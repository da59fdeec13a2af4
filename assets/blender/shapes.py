"""Shapes that everything here is built of, and what a surface is made of.

A model has one mesh, one material and no texture. The colour of a point says what is there: red, green and blue in
linear light, and in alpha the kind of surface: 1 painted, 0.5 dyed with its wearer's colour, 0 glowing.
"""
import math

import bpy

PAINTED, DYED, GLOWING = 1.0, 0.5, 0.0


def colour(code, kind=PAINTED):
    """`#rrggbb` and a kind, as a point stores it."""
    srgb = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [((c + 0.055) / 1.055) ** 2.4 if c > 0.04045 else c / 12.92 for c in srgb]
    return (*linear, kind)


SHELL = colour("#ece9f7", DYED)
CLOTH = colour("#b9b2d8", DYED)
TRIM = colour("#4b4570")
DARK = colour("#171431")
IRON = colour("#6b6690")
SKIN = colour("#e3b79f")
FUR = colour("#f0d9c4", DYED)
CREAM = colour("#fff3e2")
GOLD = colour("#f0b45c")
WOOD = colour("#7a5566")
LEAF = colour("#58b884")
STONE = colour("#7d729f")
STONE_DARK = colour("#564b7c")
VIOLET = colour("#7d5cf0")
LIME = colour("#cdfa50", GLOWING)
CYAN = colour("#58d8ff", GLOWING)
AMBER = colour("#ffc46b", GLOWING)
ROSE = colour("#ff6fa3", GLOWING)
WHITE = colour("#ffffff", GLOWING)


def empty_scene():
    bpy.ops.wm.read_factory_settings(use_empty=True)


def finish(piece, surface, bevel=0.0, segments=2, angle=42):
    """Says what the piece is made of. The bevel rounds edges, and is applied when pieces are joined."""
    piece["surface"] = surface
    if bevel:
        rounded = piece.modifiers.new("bevel", "BEVEL")
        rounded.width, rounded.segments = bevel, segments
        rounded.limit_method, rounded.angle_limit = "ANGLE", math.radians(40)
    for polygon in piece.data.polygons:
        polygon.use_smooth = True
    piece.data.use_auto_smooth = True
    piece.data.auto_smooth_angle = math.radians(angle)
    return piece


def sphere(at, size, surface, segments=14, rings=9, turn=(0, 0, 0)):
    bpy.ops.mesh.primitive_uv_sphere_add(segments=segments, ring_count=rings, location=at, rotation=turn)
    piece = bpy.context.object
    piece.scale = size if isinstance(size, tuple) else (size,) * 3
    return finish(piece, surface)


def box(at, size, surface, turn=(0, 0, 0), bevel=0.0, taper=None, segments=1):
    bpy.ops.mesh.primitive_cube_add(size=1, location=at, rotation=turn)
    piece = bpy.context.object
    piece.scale = size
    if taper is not None:
        for vertex in piece.data.vertices:
            if vertex.co.z > 0:
                vertex.co.x *= taper
                vertex.co.y *= taper
    return finish(piece, surface, bevel, segments)


def cone(at, low, high, height, surface, turn=(0, 0, 0), sides=12, bevel=0.0, segments=1):
    bpy.ops.mesh.primitive_cone_add(
        vertices=sides, radius1=low, radius2=high, depth=height, location=at, rotation=turn
    )
    return finish(bpy.context.object, surface, bevel, segments)


def ring(at, radius, thickness, surface, turn=(0, 0, 0), around=20, across=5):
    bpy.ops.mesh.primitive_torus_add(
        major_radius=radius,
        minor_radius=thickness,
        major_segments=around,
        minor_segments=across,
        location=at,
        rotation=turn,
    )
    return finish(bpy.context.object, surface)


def sheet(points, faces, surface, thickness=0.0):
    """A surface of given corners; with a thickness, a solid one."""
    mesh = bpy.data.meshes.new("sheet")
    mesh.from_pydata(points, [], faces)
    piece = bpy.data.objects.new("sheet", mesh)
    bpy.context.collection.objects.link(piece)
    bpy.context.view_layer.objects.active = piece
    if thickness:
        solid = piece.modifiers.new("solid", "SOLIDIFY")
        solid.thickness, solid.offset = thickness, 1
    return finish(piece, surface)


def band(at, size, surface, low, high, half, thickness=0.02, around=10, across=2):
    """A curved band around the front of an ellipsoid, as a visor is. Angles are from the middle, in radians."""
    points, faces = [], []
    for j in range(across + 1):
        rise = low + (high - low) * j / across
        for i in range(around + 1):
            turn = -half + 2 * half * i / around
            points.append(
                (
                    at[0] + size[0] * math.cos(rise) * math.sin(turn),
                    at[1] - size[1] * math.cos(rise) * math.cos(turn),
                    at[2] + size[2] * math.sin(rise),
                )
            )
    for j in range(across):
        for i in range(around):
            a = j * (around + 1) + i
            faces.append((a, a + 1, a + around + 2, a + around + 1))
    return sheet(points, faces, surface, thickness)


def lathe(profile, surface, sides=14, at=(0, 0, 0), open_top=False):
    """A profile of (radius, height) turned around the vertical axis."""
    points, faces = [], []
    for radius, height in profile:
        for i in range(sides):
            turn = 2 * math.pi * i / sides
            points.append((at[0] + radius * math.cos(turn), at[1] + radius * math.sin(turn), at[2] + height))
    for j in range(len(profile) - 1):
        for i in range(sides):
            k = (i + 1) % sides
            faces.append((j * sides + i, j * sides + k, (j + 1) * sides + k, (j + 1) * sides + i))
    if not open_top:
        faces.append(tuple(range((len(profile) - 1) * sides, len(profile) * sides)))
    return sheet(points, faces, surface)


def join(pieces, name):
    """One mesh of these pieces, with their surfaces as colours of its points."""
    for piece in pieces:
        bpy.ops.object.select_all(action="DESELECT")
        piece.select_set(True)
        bpy.context.view_layer.objects.active = piece
        bpy.ops.object.convert(target="MESH")
        bpy.ops.object.transform_apply(location=True, rotation=True, scale=True)
        if "surface" in piece:
            paint(piece)
    bpy.ops.object.select_all(action="DESELECT")
    for piece in pieces:
        piece.select_set(True)
    bpy.context.view_layer.objects.active = pieces[0]
    bpy.ops.object.join()
    whole = bpy.context.object
    whole.name = whole.data.name = name
    whole.data.materials.clear()
    whole.data.materials.append(bpy.data.materials.get("Surface") or bpy.data.materials.new("Surface"))
    whole.data.color_attributes.active_color_index = 0
    whole.data.color_attributes.render_color_index = 0
    for polygon in whole.data.polygons:
        polygon.material_index = 0
    return whole


def paint(piece):
    """What looks down is a little darker, as under an open sky; what glows is not.

    Colours belong to points: Blender 3.4 exports colours of corners wrongly.
    """
    surface = tuple(piece["surface"])
    del piece["surface"]
    layer = piece.data.color_attributes.new("Color", "FLOAT_COLOR", "POINT")
    for vertex in piece.data.vertices:
        light = 1.0 if surface[3] == GLOWING else 0.84 + 0.16 * round(vertex.normal.z, 2)
        layer.data[vertex.index].color = (*(min(1.0, c * light) for c in surface[:3]), surface[3])


def export(path, objects, skinned=False, animated=False):
    bpy.ops.object.select_all(action="DESELECT")
    for item in objects:
        item.select_set(True)
    bpy.ops.export_scene.gltf(
        filepath=path,
        export_format="GLB",
        use_selection=True,
        export_apply=not skinned,
        export_animations=animated,
        export_nla_strips=animated,
        export_force_sampling=False,
        export_texcoords=False,
        export_colors=True,
        export_extras=True,
        export_yup=True,
        export_skins=skinned or animated,
    )
