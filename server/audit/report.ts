/** What a replay is told, and what it finds. */
import type { LineageTerms } from "#protocol/manifest.ts";
import type { Ended } from "#protocol/message.ts";
import type { Value } from "#protocol/value.ts";
import type { Course, Step } from "#enclave/room/course.ts";
import type { Boundary } from "#enclave/room/inputs.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { AuditErrorCode } from "./errors.ts";
import type { Decompress } from "./records.ts";

export interface ReplayOptions {
  /**
   * Head that an enclave said the revealed log ends with, 32 bytes: players keep it. Without it a log is only compared
   * with itself, and whoever has its keys could have written another one that fits.
   */
  readonly head?: Uint8Array;
  /** By which a room went on that was upgraded on its way, in any order. */
  readonly later?: readonly LoadedContract[];
  /**
   * Who may upgrade rooms that begin with this contract. Without it an upgrade is only known to be signed by those whom it
   * names itself.
   */
  readonly terms?: LineageTerms;
  /** For logs of development platforms; see `records.ts`. */
  readonly decompress?: Decompress;
  /** Called after each boundary. */
  readonly look?: (moment: Moment) => void;
}

/** A room right after one boundary. */
export interface Moment {
  /** Of the record. */
  readonly index: number;
  readonly boundary: Boundary;
  readonly step: Step;
  readonly course: Course;
  /** By which it is played here. */
  readonly contract: LoadedContract;
}

/** What was found. Bytes are in hex. */
export interface Report {
  /** Whether nothing differs. */
  readonly accepted: boolean;
  readonly differences: readonly Difference[];
  readonly world: string;
  readonly lineage: string;
  readonly room: string;
  /** That the room began with. */
  readonly contract: string;
  /** The contract's. */
  readonly name: string;
  /** Whether nobody could have changed the rules: the lineage names no keys for that. */
  readonly frozen: boolean;
  /** By which rules it went on, from which record, and whose keys wanted that. */
  readonly upgrades: readonly { readonly index: number; readonly contract: string; readonly keys: readonly string[] }[];
  /** Whether these keys are the lineage's; "nothing-said" if nobody said which those are. */
  readonly upgraders: "as-said" | "nothing-said";
  /** Whether the enclave revealed the log, or a development platform gave its keys away. */
  readonly keys: "revealed" | "development";
  /** Whether the log ends with the head that was said. */
  readonly head: "as-said" | "differs" | "nothing-said";
  readonly records: number;
  readonly openings: number;
  readonly moves: number;
  /** Everybody who took a seat. */
  readonly players: readonly { readonly player: string; readonly seat: number; readonly name: string }[];
  readonly ticks: number;
  /** How long the room took, by its own clock. */
  readonly seconds: number;
  readonly ended: Ended | null;
  readonly awards: readonly { readonly player: string; readonly once: string; readonly item: Value }[];
  /** Of the last record that was read. */
  readonly lastHead: string;
  /** Over everything that anybody was told, boundary by boundary: machines that agree on it agree on the room. */
  readonly told: string;
  /** Of the contract's memory, at the end. */
  readonly memory: string;
}

export interface Difference {
  readonly code: AuditErrorCode;
  /** What it means. */
  readonly sentence: string;
  /** Of the record; null if it is none in particular. */
  readonly index: number | null;
  /** What was found. */
  readonly detail: string;
}
