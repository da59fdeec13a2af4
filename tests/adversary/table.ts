/** A table of Dot4 with an attacker on one of its seats: who sits there, and how to tell that nobody else was disturbed. */
import { expect } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import { reasonLengthMax } from "#protocol/limits.ts";
import { worldId } from "#protocol/manifest.ts";
import { colyseusTransport } from "#client/colyseus-transport.ts";
import type { Account } from "#client/index.ts";
import type { Move } from "../../contracts/dot4/dot4.ts";
import { Insider } from "./insider.ts";
import { until } from "./play-out.ts";
import { world, type Dot4Room, type Stage } from "./stage.ts";

/** A legal first move of either player. */
export const place: Extract<Move, { kind: "place" }> = {
  kind: "place",
  bombs: [
    [0, 0],
    [1, 1],
    [2, 2],
  ],
};

export class Table {
  readonly #stage: Stage;
  readonly room: RoomId;
  /** The honest player. */
  readonly grace: Dot4Room;
  /** What became of Grace's connection; empty while all is well. */
  readonly troubles: string[] = [];

  private constructor(stage: Stage, room: RoomId, grace: Dot4Room) {
    this.#stage = stage;
    this.room = room;
    this.grace = grace;
    grace.on("connection", (state) => this.troubles.push(state));
  }

  /** Grace sits and waits. */
  static async open(stage: Stage): Promise<Table> {
    const room = await stage.room();
    return new Table(stage, room, await stage.join(room, { name: "Grace" }));
  }

  /** A connection to this room on which nothing was said yet. */
  connect(account?: Account): Promise<Insider> {
    const options = { room: this.room, world: worldId(world), ...(account === undefined ? {} : { account }) };
    return Insider.connect(colyseusTransport(this.#stage.url), options);
  }

  /** The attacker sits down too, and both are to hide their bombs. */
  async seat(): Promise<Insider> {
    const mallory = await this.connect();
    await mallory.enter();
    await until(this.grace, ({ view }) => view?.phase === "placing");
    return mallory;
  }

  /** Grace noticed nothing, and the game begins as if nothing had been: the account of the attacker may still play. */
  async expectUndisturbed(account?: Account): Promise<void> {
    const again = await this.connect(account);
    const { seat, moves } = await again.enter();
    expect(seat).not.toBeNull();
    await until(this.grace, ({ status }) => status.phase === "playing");
    await this.expectPlay(again, moves + 1);
    again.close();
  }

  /** Both hide their bombs, and play begins. */
  async expectPlay(mallory: Insider, n: number): Promise<void> {
    mallory.say({ type: "move", n, move: place });
    expect(await this.grace.move(place)).toEqual({ accepted: true });
    expect(await mallory.outcome(n)).toBeNull();
    await until(this.grace, ({ view }) => view?.phase === "playing");
    expect(this.troubles).toEqual([]);
    this.grace.close();
  }
}

/** A refusal by the rules of the game, which its player can read. */
export function expectSentence(reason: string | null): void {
  expect(reason).toMatch(/[a-z]{3}/i);
  expect(reason!.length).toBeLessThanOrEqual(reasonLengthMax);
  expect(reason).not.toMatch(/rules failed/i);
}
