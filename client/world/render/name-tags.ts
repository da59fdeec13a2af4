/** Names over heads: the nearest ones, in one draw call, from one atlas. Needs a canvas, so a test without a page has none. */
import { DynamicTexture } from "@babylonjs/core/Materials/Textures/dynamicTexture.js";
import "@babylonjs/core/Engines/Extensions/engine.dynamicTexture.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { lights } from "../avatars/look.ts";
import type { Avatar } from "../port.ts";
import { billboards, effectMaterial, type Moment } from "./effect.ts";
import { TagCells, type Wanted } from "./tag-cells.ts";

const side = 1024;
const cell = { width: 256, height: 42 };
const columns = side / cell.width;
const capacity = columns * Math.floor(side / cell.height);

const vertex = `
attribute vec3 position;
attribute vec2 uv;
attribute vec4 place;
attribute vec4 inAtlas;
uniform mat4 view, viewProjection;
uniform vec3 eye;
uniform float reach;
varying vec2 vUv;
varying float vAlpha;
void main() {
  vec3 right = vec3(view[0][0], view[1][0], view[2][0]), up = vec3(view[0][1], view[1][1], view[2][1]);
  float far = length(place.xyz - eye);
  // Larger with distance, so that names stay readable; smaller than the avatar in any case.
  float size = clamp(far * 0.055, 0.34, 1.15) * 0.5;
  vAlpha = smoothstep(reach, reach * 0.7, far);
  vUv = inAtlas.xy + uv * inAtlas.zw;
  vec3 at = place.xyz + (right * position.x * 1.9 + up * (position.y * 0.312 + 0.25)) * size;
  gl_Position = vAlpha <= 0.01 ? vec4(2.0, 2.0, 2.0, 1.0) : viewProjection * vec4(at, 1.0);
}`;

const fragment = `
varying vec2 vUv;
varying float vAlpha;
uniform sampler2D atlas;
void main() {
  vec4 c = texture2D(atlas, vUv);
  gl_FragColor = vec4(c.rgb, c.a * vAlpha);
}`;

export class NameTags {
  readonly #texture: DynamicTexture;
  readonly #pen: CanvasRenderingContext2D;
  readonly #cells = new TagCells(capacity);
  readonly #places = new Float32Array(capacity * 4);
  readonly #inAtlas = new Float32Array(capacity * 4);
  readonly #show: (count: number, moment: Moment) => void;
  readonly #reach: number;

  constructor(scene: Scene, reach: number) {
    this.#reach = reach;
    this.#texture = new DynamicTexture("name-tags", { width: side, height: side }, scene, true);
    this.#texture.hasAlpha = true;
    this.#texture.anisotropicFilteringLevel = 4;
    this.#pen = this.#texture.getContext() as unknown as CanvasRenderingContext2D;
    // Until it was uploaded once it is not ready, and neither is the page: nobody may be near for long.
    this.#texture.update();
    const mesh = billboards(scene, "name-tag", capacity);
    const material = effectMaterial(scene, {
      name: "nameTag",
      vertex,
      fragment,
      attributes: ["place", "inAtlas"],
      uniforms: ["reach"],
    });
    material.options.samplers.push("atlas");
    material.setTexture("atlas", this.#texture);
    material.setFloat("reach", reach);
    material.disableDepthWrite = true;
    mesh.material = material;
    mesh.alphaIndex = 2000;
    mesh.thinInstanceSetBuffer("place", this.#places, 4, false);
    mesh.thinInstanceSetBuffer("inAtlas", this.#inAtlas, 4, false);
    this.#show = (count, { eye }) => {
      // Without an instance the mesh itself would be drawn.
      mesh.isVisible = count > 0;
      mesh.thinInstanceCount = count;
      mesh.thinInstanceBufferUpdated("place");
      mesh.thinInstanceBufferUpdated("inAtlas");
      material.setVector3("eye", eye);
    };
  }

  /** @param feet gives the height of an avatar's feet. */
  draw(avatars: Iterable<Avatar>, feet: (avatar: Avatar) => number, moment: Moment): void {
    const near: (Wanted & { readonly avatar: Avatar })[] = [];
    for (const avatar of avatars) {
      const far = Math.hypot(avatar.x - moment.eye.x, avatar.z - moment.eye.z);
      if (far < this.#reach) near.push({ avatar, id: avatar.id, text: textOf(avatar), far });
    }
    const placed = this.#cells.assign(near);
    const fresh = placed.filter(({ fresh: isFresh }) => isFresh);
    for (const { cell: index, wanted } of fresh) this.#write(index, wanted.avatar);
    if (fresh.length > 0) this.#texture.update(true, true);
    placed.forEach(({ cell: index, wanted: { avatar } }, i) => {
      this.#places.set([avatar.x, feet(avatar) + 1.95, avatar.z, 0], i * 4);
      const [x, y] = cornerOf(index);
      this.#inAtlas.set([x / side, 1 - (y + cell.height) / side, cell.width / side, cell.height / side], i * 4);
    });
    this.#show(placed.length, moment);
  }

  #write(index: number, { name, look }: Avatar): void {
    const pen = this.#pen;
    const [x, y] = cornerOf(index);
    const middle = y + cell.height / 2;
    pen.clearRect(x, y, cell.width, cell.height);
    pen.font = fontOf(usualSize);
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    const room = cell.width - 52;
    pen.font = fontOf(Math.max(smallestSize, Math.min(usualSize, (usualSize * room) / pen.measureText(name).width)));
    const text = shortened(pen, name, room);
    const width = pen.measureText(text).width + 44;
    const from = x + (cell.width - width) / 2;
    pen.fillStyle = "rgba(18, 13, 38, 0.72)";
    pen.beginPath();
    pen.roundRect(from, y + 2, width, cell.height - 4, 12);
    pen.fill();
    pen.fillStyle = lights[look.light]!;
    pen.fillRect(from + 12, middle - 5, 10, 10);
    pen.fillStyle = "#fff";
    pen.fillText(text, from + 31, middle + 1);
  }
}

/** A long name is written smaller before it is cut. */
const usualSize = 24;
const smallestSize = 16;

const fontOf = (size: number): string => `600 ${size}px system-ui, "Noto Sans", sans-serif`;

const textOf = ({ name, look }: Avatar): string => `${look.light} ${name}`;

const cornerOf = (index: number): readonly [number, number] => [
  (index % columns) * cell.width,
  Math.floor(index / columns) * cell.height,
];

function shortened(pen: CanvasRenderingContext2D, name: string, width: number): string {
  if (pen.measureText(name).width <= width) return name;
  let end = name.length;
  while (end > 1 && pen.measureText(`${name.slice(0, end)}…`).width > width) end -= 1;
  return `${name.slice(0, end)}…`;
}
