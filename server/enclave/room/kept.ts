/**
 * What a room keeps for its players elsewhere: of each the newest record that it has seen, and what is on its way there.
 *
 * A record has a version, which counts and has a head. The room's log holds every version that the room has seen: whoever
 * shows it an older one is found out. One record of a player is on its way at a time, and what is kept meanwhile goes next.
 */
import { bytesToHex, concatBytes, equalBytes, hexToBytes, u32le } from "#protocol/bytes.ts";
import type { Value } from "#protocol/value.ts";

/** Of a player's record: how many there were, and the head of the last. `noVersion` before the first. */
export interface Version {
  readonly number: number;
  /** 32 bytes. */
  readonly head: Uint8Array;
}

export const noVersion: Version = { number: 0, head: new Uint8Array(32) };

/** Something to be kept behind the version that the room knows. */
export interface Saving {
  readonly player: string;
  readonly behind: Version;
  readonly record: Value;
}

/** As it outlasts a worker. */
export interface SavedKept {
  /** For each player [id 16] [number u32 le] [head 32]: what grows with players is one value. */
  readonly versions: Uint8Array;
  /** What is on its way for whom, and what goes next. */
  readonly going: readonly (readonly [player: string, going: Value, next: readonly [Value] | null])[];
}

interface Entry {
  version: Version;
  going: Value | undefined;
  next: Value | undefined;
}

/** Players whose versions a room remembers: those seen last, and all for whom something is on its way. */
const rememberedMax = 8192;

const entryLength = 16 + 4 + 32;

export class Kept {
  readonly #players = new Map<string, Entry>();
  #fresh: Saving[] = [];

  /** Undefined if there is nothing to go on with. */
  save(): SavedKept | undefined {
    if (this.#players.size === 0) return undefined;
    const versions = [...this.#players].map(([player, { version }]) =>
      concatBytes(hexToBytes(player), u32le(version.number), version.head),
    );
    const going = [...this.#players].flatMap(([player, entry]): SavedKept["going"] =>
      entry.going === undefined ? [] : [[player, entry.going, entry.next === undefined ? null : [entry.next]]],
    );
    return { versions: concatBytes(...versions), going };
  }

  restore({ versions, going }: SavedKept): void {
    const view = new DataView(versions.buffer, versions.byteOffset);
    for (let at = 0; at < versions.length; at += entryLength) {
      const player = bytesToHex(versions.subarray(at, at + 16));
      const version = { number: view.getUint32(at + 16, true), head: versions.slice(at + 20, at + entryLength) };
      this.#players.set(player, { version, going: undefined, next: undefined });
    }
    for (const [player, value, next] of going) {
      Object.assign(this.#players.get(player)!, { going: value, next: next?.[0] });
    }
  }

  /** Somebody comes with this version of their record. */
  met(player: string, version: Version): void {
    const known = this.#players.get(player);
    this.#players.delete(player);
    const newest = known !== undefined && known.version.number > version.number ? known.version : version;
    this.#players.set(player, { version: newest, going: known?.going, next: known?.next });
    this.#forgetOldest();
  }

  /** The newest version of a player's record that this room has seen. */
  versionOf(player: string): Version | undefined {
    return this.#players.get(player)?.version;
  }

  /** What is on its way for a player: newer than whatever is kept. */
  pending(player: string): Value | undefined {
    const entry = this.#players.get(player);
    return entry?.next ?? entry?.going;
  }

  /** Keeps this for somebody who has been here. For others nothing is kept: their version is not known. */
  keep(player: string, record: Value): void {
    const entry = this.#players.get(player);
    if (entry === undefined) return;
    if (entry.going !== undefined) entry.next = record;
    else this.#send(player, entry, record);
  }

  /** What was on its way is kept, as this version. */
  arrived(player: string, version: Version): void {
    const entry = this.#players.get(player);
    if (entry?.going === undefined || version.number !== entry.version.number + 1) return;
    entry.version = version;
    const { next } = entry;
    entry.going = entry.next = undefined;
    if (next !== undefined) this.#send(player, entry, next);
  }

  /** Something else was kept for this player elsewhere: what was on its way from here never will be. */
  overtaken(player: string): void {
    const entry = this.#players.get(player);
    if (entry !== undefined) entry.going = entry.next = undefined;
  }

  /** What has to be sent on its way since this was last asked. */
  take(): readonly Saving[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  /** What may be on its way. Sending it once more does no harm. */
  underWay(): readonly Saving[] {
    return [...this.#players].flatMap(([player, { version, going }]) =>
      going === undefined ? [] : [{ player, behind: version, record: going }],
    );
  }

  #send(player: string, entry: Entry, record: Value): void {
    entry.going = record;
    this.#fresh.push({ player, behind: entry.version, record });
  }

  #forgetOldest(): void {
    if (this.#players.size <= rememberedMax) return;
    for (const [player, { going }] of this.#players) {
      if (going !== undefined) continue;
      this.#players.delete(player);
      return;
    }
  }
}

/** Whether a version that somebody shows can be the newest, for whoever knows this one. */
export const mayFollow = (shown: Version, known: Version): boolean =>
  shown.number > known.number || (shown.number === known.number && equalBytes(shown.head, known.head));
