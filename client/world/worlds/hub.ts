/** The hub: a floating island at dusk, the Origin of Shell above its plaza, three gates, and what lies around. */
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { TransformNode } from "@babylonjs/core/Meshes/transformNode.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { land } from "../art/land.ts";
import { orbit, originCore, originPlates, pedestal } from "../art/origin.ts";
import { palette } from "../art/palette.ts";
import { sketches } from "../art/things.ts";
import type { Colour } from "../art/vectors.ts";
import type { Models } from "../avatars/models.ts";
import { isAiry } from "../camera/bulk.ts";
import { edgeTowards, gateBase, landHeight } from "../island/ground.ts";
import type { Island } from "../island/island.ts";
import { widths, type Standing, type Thing } from "../island/layout.ts";
import type { Terrain } from "../island/walk.ts";
import type { Quality } from "../quality/levels.ts";
import { airyMaterial, duskMaterial, type DuskMaterial } from "../render/atmosphere.ts";
import type { Effect, Moment } from "../render/effect.ts";
import { gateDisc } from "../render/gate-disc.ts";
import { halos, motes, type Halo, type Mote } from "../render/halos.ts";
import { createLight } from "../render/light.ts";
import { meshOfShape, meshOfSketch, scatter } from "../render/meshes.ts";
import { plazaGrid } from "../render/plaza-grid.ts";
import { createSky } from "../render/sky.ts";
import { beam, cloudSea, waterfall } from "../render/weather.ts";
import { cloudPlaces, createIslets } from "./surroundings.ts";
import { glowOf, moteField } from "./glow.ts";
import { cloud } from "../art/stones.ts";

/** Colours of gates, in the island's order. */
export const gateColours: readonly Colour[] = [palette.cyan, palette.rose, palette.lime];

export interface Place {
  tick(moment: Moment): void;
  readonly island: Island;
}

/** Height of the Origin's middle. */
const originHeight = 6.1;

export function createHub(scene: Scene, terrain: Terrain, models: Models, quality: Quality): Place {
  const { island } = terrain.ground;
  const lit = duskMaterial(scene);
  const airy = airyMaterial(scene);
  const materials = [lit, airy];
  const dressed = dressIn(lit);
  const light = createLight(scene);
  const ground = dressed(meshOfSketch(scene, "island", land(island, { rings: 26, around: 96 })));
  const base = dressed(meshOfSketch(scene, "pedestal", pedestal()));
  const things = createThings(scene, terrain, models, quality, (thing) => (isAiry(thing) ? dressIn(airy) : dressed));
  const gates = createGates(scene, terrain, models, dressed);
  const origin = createOrigin(scene, dressed);
  const clouds = dressed(meshOfSketch(scene, "clouds", cloud(3)));
  scatter(clouds, cloudPlaces(7, 70));
  clouds.alwaysSelectAsActiveMesh = true;
  const islets = createIslets(scene, dressed);
  const standing = terrain.layout.things;
  const effects: Effect[] = [
    createSky(scene),
    cloudSea(scene, -34),
    plazaGrid(scene, palette.lime, island.plaza * 0.985),
    ...gates.effects,
    ...falls(scene, island),
    origin.beam,
    halos(scene, [...glowOf(standing, island), ...gates.halos, ...origin.halos]),
    ...(quality.motes ? [motes(scene, [...moteField(), ...gates.motes])] : []),
  ];
  if (quality.shadows !== null) {
    light.castStillShadows(
      [ground, base, origin.plates, ...things, ...gates.meshes],
      [ground, base, ...things],
      quality.shadows,
    );
  }
  for (const mesh of [ground, base, clouds, ...things, ...gates.meshes]) freeze(mesh);
  return {
    island,
    tick(moment) {
      light.dim(1 - moment.night);
      for (const effect of effects) effect.tick(moment);
      origin.tick(moment.time);
      islets.tick(moment.time);
      for (const material of materials) {
        material.pulse(0.5 + 0.5 * Math.sin(moment.time * 1.6));
        material.darken(moment.night);
      }
      airy.thin(moment.whom, moment.reach);
    },
  };
}

function freeze(mesh: AbstractMesh): void {
  mesh.freezeWorldMatrix();
  mesh.doNotSyncBoundingInfo = true;
}

type Dress = (mesh: Mesh) => Mesh;

const dressIn =
  ({ material }: DuskMaterial): Dress =>
  (mesh) => {
    mesh.material = material;
    return mesh;
  };

/** Trees, rocks, lamps and the rest, one mesh to a kind. What is solid stands at every quality. */
function createThings(
  scene: Scene,
  terrain: Terrain,
  models: Models,
  { dressing }: Quality,
  dressFor: (thing: Thing) => Dress,
): Mesh[] {
  const { island } = terrain.ground;
  const kinds = Object.keys(widths) as Thing[];
  return kinds.flatMap((thing) => {
    const all = terrain.layout.things.filter((standing) => standing.thing === thing);
    const shown = widths[thing] > 0 ? all : all.slice(0, Math.round(all.length * dressing));
    if (shown.length === 0) return [];
    const sketch = sketches[thing];
    const mesh =
      sketch === undefined
        ? meshOfShape(scene, thing, models.scenery[thing as keyof Models["scenery"]])
        : meshOfSketch(scene, thing, sketch());
    scatter(
      dressFor(thing)(mesh),
      shown.map((standing) => placeOf(standing, island)),
    );
    return [mesh];
  });
}

function placeOf({ thing, x, z, size, turn }: Standing, island: Island) {
  // Furniture looks at the middle.
  const looks = thing === "bench" || thing === "incubator" ? Math.atan2(-x, -z) : turn * Math.PI * 2;
  return { x, y: landHeight(island, x, z) - 0.05, z, size, turn: looks };
}

interface Gates {
  readonly meshes: readonly Mesh[];
  readonly effects: readonly Effect[];
  readonly halos: readonly Halo[];
  readonly motes: readonly Mote[];
}

function createGates(scene: Scene, terrain: Terrain, models: Models, dressed: Dress): Gates {
  const { island, gates } = terrain.ground;
  const all = gates.map((spot, i) => {
    const colour = gateColours[i % gateColours.length]!;
    const y = gateBase(island, spot);
    const turn = Math.atan2(spot.x, spot.z);
    const shape = models.scenery.portal;
    const stones = dressed(meshOfShape(scene, `gate-${i}`, { ...shape, colours: glowing(shape.colours, colour) }));
    stones.position.set(spot.x, y, spot.z);
    stones.rotation.y = turn;
    stones.receiveShadows = true;
    const disc = gateDisc(scene, colour);
    disc.mesh.position.set(spot.x, y + 3.4, spot.z);
    disc.mesh.rotation.y = turn;
    return {
      meshes: [stones],
      effects: [disc],
      halos: [
        { x: spot.x, y: y + 3.4, z: spot.z, size: 6.2, colour, strength: 0.4 },
        { x: spot.x * 0.93, y: y + 0.5, z: spot.z * 0.93, size: 4.5, colour, strength: 0.22 },
      ],
      motes: Array.from({ length: 26 }, (_, k): Mote => {
        const angle = (k / 26) * 6.28;
        const [x, z] = [spot.x + Math.cos(angle) * 2.4, spot.z + Math.sin(angle) * 1.4];
        return { x, y: y + 0.4, z, colour, rise: 5.5, phase: (k * 0.618 + i) % 1 };
      }),
    };
  });
  return {
    meshes: all.flatMap(({ meshes }) => meshes),
    effects: all.flatMap(({ effects }) => effects),
    halos: all.flatMap((gate) => gate.halos),
    motes: all.flatMap((gate) => gate.motes),
  };
}

/** White light takes this colour; the rest stays. */
function glowing(colours: Float32Array, colour: Colour): Float32Array {
  const dyed = colours.slice();
  for (let i = 0; i < dyed.length; i += 4) if (dyed[i + 3] === 0) dyed.set(colour, i);
  return dyed;
}

interface Origin {
  readonly plates: Mesh;
  readonly beam: Effect;
  readonly halos: readonly Halo[];
  tick(time: number): void;
}

function createOrigin(scene: Scene, dressed: Dress): Origin {
  const node = new TransformNode("origin", scene);
  const part = (name: string, sketch: Parameters<typeof meshOfSketch>[2]): Mesh => {
    const mesh = dressed(meshOfSketch(scene, name, sketch));
    mesh.parent = node;
    return mesh;
  };
  const plates = part("origin-plates", originPlates());
  const core = part("origin-core", originCore());
  const inner = part("origin-ring", orbit(4.1, 0.07, palette.lime, 3));
  const outer = part("origin-ring-outer", orbit(4.9, 0.05, palette.cyan, 2));
  inner.rotation.x = 0.42;
  outer.rotation.z = -0.5;
  const light = beam(scene, palette.lime, 2.3, 3.4, 30);
  light.mesh.position.y = 0.8;
  return {
    plates,
    beam: light,
    halos: [
      { x: 0, y: originHeight, z: 0, size: 8.5, colour: palette.lime, strength: 0.42 },
      { x: 0, y: 0.9, z: 0, size: 5, colour: palette.lime, strength: 0.28 },
    ],
    tick(time) {
      node.position.y = originHeight + Math.sin(time * 0.8) * 0.28;
      plates.rotation.y = time * 0.12;
      core.rotation.y = -time * 0.2;
      inner.rotation.y = time * 0.35;
      outer.rotation.y = -time * 0.27;
    },
  };
}

/** Water that leaves the island where no path does. */
function falls(scene: Scene, island: Island): Effect[] {
  return [0.35, 3.35, -1.05].map((angle) => {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const edge = edgeTowards(island, c, s);
    const fall = waterfall(scene, 2.6, 19);
    fall.mesh.position.set(
      c * (edge - 0.45),
      landHeight(island, c * (edge - 0.6), s * (edge - 0.6)),
      s * (edge - 0.45),
    );
    fall.mesh.rotation.y = Math.PI / 2 - angle;
    return fall;
  });
}
