/**
 * `@colyseus/schema` with a StateView for each viewer, as its documentation says and its server does: what all share is
 * encoded once, then each view.
 */
import { type Decoder, Encoder, Reflection, schema, StateView, t, type SchemaType } from "@colyseus/schema";
import { rowText, type Encoding, type Reader, type Scene } from "./scene.ts";

const Body = schema({ x: t.float32(), z: t.float32(), heading: t.uint16() }, "Body");
const Field = schema({ bodies: t.map(Body).view() }, "Field");

type Field = SchemaType<typeof Field>;

export class ColyseusEncoding implements Encoding {
  readonly #scene: Scene;
  readonly #state: Field;
  readonly #encoder: Encoder<Field>;
  readonly #views: readonly StateView[];
  readonly #handshake: Uint8Array;
  readonly #bodies: SchemaType<typeof Body>[] = [];
  #first = true;

  constructor(scene: Scene) {
    Encoder.BUFFER_SIZE = 1024 * 1024;
    this.#scene = scene;
    this.#state = new Field();
    for (let i = 0; i < scene.players; i++) {
      const body = new Body();
      this.#bodies.push(body);
      this.#state.bodies.set(String(i), body);
    }
    this.#encoder = new Encoder(this.#state);
    this.#handshake = Reflection.encode(this.#encoder).slice();
    this.#views = scene.seen.map((seen) => {
      const view = new StateView();
      for (const body of seen) view.add(this.#bodies[body]!);
      return view;
    });
  }

  take(): void {
    const { x, z, heading } = this.#scene;
    this.#bodies.forEach((body, i) => {
      body.x = x[i]!;
      body.z = z[i]!;
      body.heading = heading[i]!;
    });
  }

  encode(keep?: (viewer: number, bytes: Uint8Array) => void): number {
    const it = { offset: 0 };
    if (this.#first) this.#encoder.encodeAll(it);
    else this.#encoder.encode(it);
    const shared = it.offset;
    let total = 0;
    for (let viewer = 0; viewer < this.#views.length; viewer++) {
      it.offset = shared;
      const bytes = this.#first
        ? this.#encoder.encodeAllView(this.#views[viewer]!, shared, it)
        : this.#encoder.encodeView(this.#views[viewer]!, shared, it);
      total += bytes.length;
      keep?.(viewer, bytes);
    }
    this.#encoder.discardChanges();
    this.#first = false;
    return total;
  }

  reader(): Reader {
    const decoder: Decoder<Field> = Reflection.decode(this.#handshake);
    return {
      read: (bytes) => void decoder.decode(bytes),
      rows: () =>
        Array.from(decoder.state.bodies?.values() ?? [], ({ x, z, heading }) => rowText(x, z, heading)).sort(),
    };
  }
}
