/** A hub with two people for journeys: Ada at a desk, with nothing but a keyboard, and Grace with a phone. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFailed } from "vitest";
import { developmentPolicy } from "#attestation/policy.ts";
import { createRoom } from "#client/lobby.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { rootFolder } from "../support/folders.ts";
import { Screens } from "./axe.ts";
import { recordDecrypted } from "./decrypted.ts";
import type { Hub } from "./dweller.ts";
import { HubWorld } from "./hub-world.ts";
import { PhalaWindow, type By } from "./phala-window.ts";
import { phone } from "./world.ts";

const small = { width: 720, height: 450 };

/** Pages wait for eras, and for whoever draws without a graphics card beside others who do. */
export const patienceMs = 180_000;

/** Waits for it, however busy the machine is. */
export const soon = (holds: () => Promise<boolean>): Promise<void> =>
  expect.poll(holds, { timeout: patienceMs }).toBe(true);

export class HubStage {
  readonly world: HubWorld;
  /** A hub whose eras are seconds; they count from the beginning. */
  readonly room: RoomId;
  readonly ada: PhalaWindow;
  readonly grace: PhalaWindow;
  /** Every screen that is seen on the way. */
  readonly screens = new Screens();

  private constructor(world: HubWorld, room: RoomId, ada: PhalaWindow, grace: PhalaWindow) {
    this.world = world;
    this.room = room;
    this.ada = ada;
    this.grace = grace;
  }

  static async open(): Promise<HubStage> {
    const world = await HubWorld.open();
    return new HubStage(
      world,
      ...(await Promise.all([openHub(world), windowOf(world, "keys"), windowOf(world, "touch")])),
    );
  }

  /** Both are in the hub, for the first time or still. */
  async bothAreHere(): Promise<void> {
    onTestFailed(async () => {
      for (const name of ["ada", "grace"] as const) await this[name].window.shot(`world-failed-${name}`);
    });
    if ((await this.ada.find('[data-stage="inside"]').count()) > 0) return;
    await Promise.all([this.#arrive(this.ada, "Ada", "desktop"), this.#arrive(this.grace, "Grace", "phone")]);
  }

  /** Another one. */
  openHub(): Promise<RoomId> {
    return openHub(this.world);
  }

  anotherWindow(): Promise<PhalaWindow> {
    return windowOf(this.world, "keys");
  }

  /** What pages have built in, for whoever comes without one. */
  termsOf(contract: string) {
    return { world: hexToBytes(this.world.world), contract: hexToBytes(hashOf(contract)), policy: developmentPolicy };
  }

  /** For whoever lives there without a page. */
  hubAt(room: RoomId): Hub {
    return { url: this.world.url, room, ...this.termsOf("phala-world") };
  }

  close(): Promise<void> {
    return this.world.close();
  }

  async #arrive(person: PhalaWindow, name: string, size: string): Promise<void> {
    await person.arrive(this.world.url, `#room=${this.room}`);
    await this.screens.look(`${size}: welcome`, person.page);
    await person.enter(name);
  }
}

/** 64 hex digits, as pages have it built in. */
export function hashOf(contract: string): string {
  const { contracts } = JSON.parse(readFileSync(join(rootFolder, ".cache/page/built-in.json"), "utf8")) as {
    readonly contracts: { readonly [name: string]: string };
  };
  return contracts[contract]!;
}

const openHub = ({ url }: HubWorld): Promise<RoomId> =>
  createRoom(url, { contract: "phala-world", options: { clock: "seconds" }, listed: true });

async function windowOf(world: HubWorld, by: By): Promise<PhalaWindow> {
  const size = by === "touch" ? { viewport: phone, touch: true } : { viewport: small };
  const person = new PhalaWindow(await world.window({ ...size, bypassCSP: true }), by);
  person.page.setDefaultTimeout(patienceMs);
  await recordDecrypted(person.page);
  await person.drawLittle();
  return person;
}
