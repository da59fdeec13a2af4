/**
 * The field as a careful author would write it for plain Colyseus 0.18: a StateView for each client, filled from a grid
 * at every fourth tick, inputs as bytes, patches right after the tick.
 */
import { Room, type Client } from "@colyseus/core";
import { StateView } from "@colyseus/schema";
import { sightEnters, sightRadius, tickMs } from "../steering.ts";
import { BodyState, FieldState } from "./state.ts";

/** Who sees whom is looked at so seldom: nobody walks a metre in between. */
const looksEvery = 4;

interface Walking {
  readonly client: Client;
  readonly view: StateView;
  readonly body: BodyState;
  readonly seen: Set<Walking>;
  stickX: number;
  stickZ: number;
  aim: number;
}

/** Of all ticks so far, in ms. */
export const ticks: number[] = [];

export class FieldRoom extends Room<{ state: FieldState }> {
  override state = new FieldState();
  override maxClients = 1000;
  override patchRate = null;
  readonly #walking = new Map<string, Walking>();
  #side = 0;
  #tick = 0;

  override onCreate({ side }: { readonly side: number }): void {
    this.#side = side;
    this.onMessageBytes("i", (client: Client, bytes: Uint8Array) => this.#steer(client, bytes));
    this.setSimulationInterval(() => {
      const from = performance.now();
      this.#step();
      this.broadcastPatch();
      ticks.push(performance.now() - from);
    }, tickMs);
  }

  override onJoin(client: Client): void {
    const body = new BodyState();
    body.x = Math.random() * this.#side;
    body.z = Math.random() * this.#side;
    body.heading = 0;
    this.state.bodies.set(client.sessionId, body);
    const view = (client.view = new StateView());
    this.#walking.set(client.sessionId, { client, view, body, seen: new Set(), stickX: 0, stickZ: 0, aim: 0 });
  }

  override onLeave(client: Client): void {
    const left = this.#walking.get(client.sessionId);
    if (left === undefined) return;
    this.#walking.delete(client.sessionId);
    for (const { seen, view } of this.#walking.values()) if (seen.delete(left)) view.remove(left.body);
    left.view.dispose();
    this.state.bodies.delete(client.sessionId);
  }

  #steer(client: Client, bytes: Uint8Array): void {
    const walking = this.#walking.get(client.sessionId);
    if (walking === undefined || bytes.length !== 4) return;
    walking.stickX = Math.max(-100, Math.min(100, (bytes[0]! << 24) >> 24));
    walking.stickZ = Math.max(-100, Math.min(100, (bytes[1]! << 24) >> 24));
    walking.aim = bytes[2]! | (bytes[3]! << 8);
  }

  #step(): void {
    for (const { body, stickX, stickZ, aim } of this.#walking.values()) {
      body.x = this.#around(body.x + stickX * 0.002);
      body.z = this.#around(body.z + stickZ * 0.002);
      body.heading = aim;
    }
    if (this.#tick++ % looksEvery === 0) this.#look();
  }

  #around(place: number): number {
    return place < 0 ? place + this.#side : place >= this.#side ? place - this.#side : place;
  }

  /** The views' part: a grid whose cells are as wide as sight, and the same rule for coming and going as ours. */
  #look(): void {
    const cells = new Map<number, Walking[]>();
    const keyOf = (x: number, z: number): number => x * 65_536 + z;
    const cellOf = (place: number): number => Math.floor(place / sightRadius) + 1;
    for (const walking of this.#walking.values()) {
      const key = keyOf(cellOf(walking.body.x), cellOf(walking.body.z));
      const cell = cells.get(key);
      if (cell === undefined) cells.set(key, [walking]);
      else cell.push(walking);
    }
    const enters = sightEnters * sightEnters;
    const leaves = sightRadius * sightRadius;
    for (const { body, view, seen } of this.#walking.values()) {
      for (const other of seen) {
        if (distance(body, other.body) <= leaves) continue;
        seen.delete(other);
        view.remove(other.body);
      }
      const [x, z] = [cellOf(body.x), cellOf(body.z)];
      for (let i = x - 1; i <= x + 1; i++) {
        for (let j = z - 1; j <= z + 1; j++) {
          for (const other of cells.get(keyOf(i, j)) ?? []) {
            if (seen.has(other) || distance(body, other.body) > enters) continue;
            seen.add(other);
            view.add(other.body);
          }
        }
      }
    }
  }
}

function distance(a: BodyState, b: BodyState): number {
  const dX = a.x - b.x;
  const dZ = a.z - b.z;
  return dX * dX + dZ * dZ;
}
