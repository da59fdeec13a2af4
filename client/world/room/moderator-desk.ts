/**
 * The desk of the world's moderator: a line of its own into this hub, by the moderator's key, and the reports that the place
 * keeps. The key stays in this page, and is gone with it. By which key true reports are signed the enclave says on that line.
 */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Policy } from "#attestation/policy.ts";
import { guestAccount } from "#client/account.ts";
import { ClientError } from "#client/errors.ts";
import { join } from "#client/join.ts";
import { memoryKeyStore } from "#client/key-store.ts";
import { readReports, type FiledReport } from "#client/moderation.ts";
import type { Move } from "#phala-world/moves.ts";
import type { View } from "#phala-world/view.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { reportDoubts, ReportReader } from "#protocol/report-reader.ts";
import { isRecord } from "#protocol/value.ts";
import type { Desk, Filed, OrderName } from "../hud/order.tsx";
import type { HubRoom } from "./visit.ts";

export interface DeskEntrance {
  /** The gateway's address. */
  readonly place: string;
  readonly room: RoomId;
  readonly world: Uint8Array;
  readonly contract: Uint8Array;
  readonly policy: Policy;
  /** What somebody who is here is called; undefined for who is not. */
  readonly nameOf: (player: string) => string | undefined;
}

/** Newest first, so many are shown: the command has them all. */
export const shownMax = 50;

/** In a file as `phatroom reports key` makes it. */
export const keyIn = (file: string): Uint8Array | undefined =>
  /^[0-9a-f]{64}$/.test(file.trim()) ? hexToBytes(file.trim()) : undefined;

const moves: Record<OrderName, (player: string) => Move> = {
  kick: (player) => ({ do: "kick", player }),
  ban: (player) => ({ do: "ban", player, ban: true }),
  pardon: (player) => ({ do: "ban", player, ban: false }),
};

export class ModeratorDesk {
  readonly #entrance: DeskEntrance;
  readonly #secret: Uint8Array;
  readonly #room: HubRoom;
  readonly #reader: ReportReader;
  readonly #shown = signal<Desk | null>(null);
  #reports: readonly Filed[] = [];
  #trouble: string | null = null;

  readonly shown: ReadonlySignal<Desk | null> = this.#shown;

  private constructor(entrance: DeskEntrance, secret: Uint8Array, room: HubRoom) {
    this.#entrance = entrance;
    this.#secret = secret;
    this.#room = room;
    const { reportKey, lineage } = room.shield.claims;
    this.#reader = new ReportReader({ world: entrance.world, secret, reportKey, lineage });
    room.on("view", () => this.#show());
    room.on("closed", (error) => this.#say(error.sentence));
    this.#show();
  }

  /** @returns the desk, or why there is none, in a sentence. */
  static async open(entrance: DeskEntrance, file: string): Promise<ModeratorDesk | string> {
    const secret = keyIn(file);
    if (secret === undefined) return "That file holds no key: 64 hex digits.";
    const { place, room, world, contract, policy } = entrance;
    try {
      const account = await guestAccount(memoryKeyStore(secret));
      const line = (await join(place, { room, world, contract, policy, account, name: "Moderator" })) as HubRoom;
      if ((await firstView(line)).mine?.moderator !== true) {
        await line.leave();
        return "That is not the key of this world's moderator.";
      }
      const desk = new ModeratorDesk(entrance, secret, line);
      await desk.read();
      return desk;
    } catch (error) {
      return error instanceof ClientError ? error.sentence : "The room could not be reached.";
    }
  }

  /** Fetches the reports that have come since. */
  async read(): Promise<void> {
    const { place, world } = this.#entrance;
    const after = this.#reports[0]?.number ?? 0;
    try {
      const wish = { world: bytesToHex(world), secret: this.#secret, reader: this.#reader, after };
      for await (const report of readReports(place, wish)) {
        this.#reports = [filedOf(report), ...this.#reports].slice(0, shownMax);
      }
      this.#say(null);
    } catch (error) {
      this.#say(error instanceof ClientError ? error.sentence : "The reports could not be read.");
    }
  }

  /** The seat is given up. */
  close(): void {
    void this.#room.leave().catch(() => undefined);
  }

  async #order(order: OrderName, player: string): Promise<void> {
    try {
      const outcome = await this.#room.move(moves[order](player));
      this.#say(outcome.accepted ? null : outcome.reason);
    } catch (error) {
      this.#say(error instanceof ClientError ? error.sentence : "It could not be sent.");
    }
  }

  #say(trouble: string | null): void {
    this.#trouble = trouble;
    this.#show();
  }

  #show(): void {
    this.#shown.value = {
      banned: this.#room.view?.mine?.banList ?? [],
      reports: this.#reports,
      trouble: this.#trouble,
      nameOf: this.#entrance.nameOf,
      onOrder: (order, player) => void this.#order(order, player),
      onRead: () => void this.read(),
    };
  }
}

/** It says who one is. Rejects with the ClientError of a line that closes before. */
const firstView = (room: HubRoom): Promise<View> =>
  new Promise((resolve, reject) => {
    if (room.view !== null) resolve(room.view);
    room.on("view", resolve);
    room.on("closed", reject);
  });

/**
 * What the rules of a hub report; other rules may report something else, which is shown as it is. What is not to be believed
 * is about nobody, so that nobody is sent out for it here.
 */
export function filedOf({ number, report, doubt }: FiledReport): Filed {
  const why = doubt === null ? null : reportDoubts[doubt];
  const said = report?.report;
  if (!isRecord(said) || typeof said["about"] !== "string" || !Array.isArray(said["messages"]))
    return { number, about: null, by: null, messages: [], other: why ?? JSON.stringify(said) };
  const messages = said["messages"].flatMap((message) =>
    isRecord(message) && typeof message["text"] === "string" ? [message["text"]] : [],
  );
  if (why !== null) return { number, about: null, by: null, messages, other: why };
  const by = typeof said["by"] === "string" ? said["by"] : null;
  return { number, about: said["about"], by, messages, other: null };
}
