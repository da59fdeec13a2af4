/** Somebody in the hub without a page: walks where they are sent, and grows a Shell. Company for a picture. */
import { developmentPolicy } from "#attestation/policy.ts";
import { guestAccount } from "#client/account.ts";
import { join } from "#client/join.ts";
import { memoryKeyStore } from "#client/key-store.ts";
import type { Room } from "#client/room.ts";
import type { RoomId } from "#protocol/identity.ts";
import { encodeLook } from "#world/avatars/look.ts";
import { lookOf } from "#world/room/looks.ts";
import { pushMax } from "../../contracts/phala-world/codes.ts";
import { Body, Look, Push, Treasure } from "../../contracts/phala-world/components.ts";
import type { Career, Race } from "../../contracts/phala-world/loop/kinds.ts";
import type { Move, phalaWorld, View } from "../../contracts/phala-world/phala-world.ts";

export interface Hub {
  readonly url: string;
  readonly room: RoomId;
  readonly world: Uint8Array;
  readonly contract: Uint8Array;
}

export interface Character {
  readonly name: string;
  readonly race: Race;
  readonly career: Career;
  readonly coat: number;
  readonly light: number;
}

export class Dweller {
  readonly #room: Room<View, Move>;
  readonly #character: Character;

  private constructor(room: Room<View, Move>, character: Character) {
    this.#room = room;
    this.#character = character;
  }

  static async enter(hub: Hub, character: Character): Promise<Dweller> {
    const { url, ...place } = hub;
    const { name, race, coat, light } = character;
    const room = await join<typeof phalaWorld>(url, {
      ...place,
      name,
      policy: developmentPolicy,
      account: await guestAccount(memoryKeyStore()),
      components: { Body, Look, Push, Treasure },
    });
    const dweller = new Dweller(room, character);
    await dweller.do({ do: "enter", name, race, coat, light });
    return dweller;
  }

  /** @throws Error with the refusal. */
  async do(move: Move): Promise<void> {
    const outcome = await this.#room.move(move);
    if (!outcome.accepted) throw new Error(`${this.#character.name} may not ${move.do}: ${outcome.reason}`);
  }

  /** Straight there, as far as nothing is in the way; then looks at a point. */
  async standAt(x: number, z: number, looksAt: { readonly x: number; readonly z: number }): Promise<void> {
    const push = this.#room.input(Push);
    const bodies = this.#room.entities(Body);
    const head = (dx: number, dz: number): void => {
      const apart = Math.hypot(dx, dz) || 1;
      push.set({ x: Math.round((dx / apart) * pushMax), z: Math.round((dz / apart) * pushMax), run: 0 });
    };
    for (let steps = 0; steps < 200; steps++) {
      const [own] = bodies.mine;
      const at = own === undefined ? undefined : { x: bodies.columns.x[own]!, z: bodies.columns.z[own]! };
      if (at !== undefined && Math.hypot(x - at.x, z - at.z) < 0.4) break;
      if (at !== undefined) head(x - at.x, z - at.z);
      await this.#pass(60);
    }
    head(looksAt.x - x, looksAt.z - z);
    await this.#pass(60);
    push.set({ x: 0, z: 0, run: 0 });
  }

  /** From no Spirit to a Shell that is worn; as long as eras take. */
  async grow(): Promise<void> {
    const { race, career } = this.#character;
    await this.do({ do: "claim-spirit" });
    await this.#until((view) => view.open.includes("last-day"));
    await this.do({ do: "buy-origin", rarity: "prime", race, career });
    const origin = (await this.#until(({ mine }) => (mine?.origins.length ?? 0) > 0)).mine!.origins[0]!.id;
    await this.do({ do: "incubate", origin });
    const ripe = (view: View): boolean => view.era >= (view.mine!.origins[0]?.hatchesAt ?? Number.POSITIVE_INFINITY);
    for (let view = this.#room.view!; !ripe(view); view = this.#room.view!) {
      if (view.mine!.food > 0) await this.do({ do: "feed", origin }).catch(() => undefined);
      await this.#pass(500);
    }
    await this.do({ do: "hatch", origin });
    const { mine } = await this.#until((view) => view.mine!.shells.length > 0);
    await this.do({ do: "become", shell: mine!.shells[0]!.id });
  }

  /** Who somebody here is, and how they look; undefined while they are not in sight. */
  sees(name: string): { readonly player: string; readonly look: string } | undefined {
    const { ids, columns } = this.#room.entities(Look);
    const id = ids.find((row) => columns.name.get(row) === name);
    const entry = this.#room.roster.find(({ seat }) => id !== undefined && seat === columns.seat[id]);
    if (id === undefined || entry === undefined) return undefined;
    const { race, coat, light, head, chest, handR, back, handL, face } = columns;
    const look = lookOf({
      race: race[id]!,
      coat: coat[id]!,
      light: light[id]!,
      head: head[id]!,
      chest: chest[id]!,
      handR: handR[id]!,
      back: back[id]!,
      handL: handL[id]!,
      face: face[id]!,
    });
    return { player: entry.player, look: encodeLook(look) };
  }

  close(): void {
    this.#room.close();
  }

  async #until(fits: (view: View) => boolean): Promise<View> {
    for (;;) {
      const { view } = this.#room;
      if (view !== null && fits(view)) return view;
      await this.#pass(100);
    }
  }

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}
