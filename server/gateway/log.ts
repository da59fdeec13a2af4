/**
 * What the gateway writes down. Every event and every field is listed here, and there is no free text: nothing that a
 * client sent and nothing that tells clients apart can get into a log by accident. What the system says of a disk or a
 * database comes nearest: it may name a chain, and so a room.
 */
import { pino, type DestinationStream, type Level } from "pino";
import type { ErrorCode } from "#protocol/errors.ts";
import type { StoreQuestionName } from "#protocol/store-questions.ts";
import type { StoreErrorCode } from "#protocol/store.ts";

export type GatewayEvent =
  | { readonly event: "listening"; readonly port: number }
  | { readonly event: "stopping" }
  | { readonly event: "stopped"; readonly cut: number }
  | { readonly event: "worker-ready"; readonly worker?: string; readonly platform: string; readonly contracts: number }
  | { readonly event: "worker-lost"; readonly worker?: string; readonly reason: LossReason }
  | { readonly event: "worker-incompatible"; readonly worker?: string; readonly version: number }
  | { readonly event: "worker-started"; readonly pid: number }
  | {
      readonly event: "worker-exited";
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly restartMs: number;
    }
  | { readonly event: "worker-unstartable"; readonly reason: string; readonly restartMs: number }
  | { readonly event: "refused"; readonly asked: "api" | "join" | "upgrade" | "operator"; readonly code: ErrorCode }
  | { readonly event: "closed"; readonly code: ErrorCode }
  /** Rooms are not listed, or connections are closed at once: a limit is reached. Said every ten minutes at most. */
  | { readonly event: "lobby-full" }
  | { readonly event: "connections-full" }
  /** A room could not be moved away from a worker that is drained. */
  | { readonly event: "room-stayed"; readonly code: ErrorCode }
  /** No worker could open a room that had left another one; it is opened when somebody asks for it. */
  | { readonly event: "room-unopened"; readonly code: ErrorCode }
  | { readonly event: "collateral-unavailable" }
  | {
      readonly event: "store-failing";
      readonly code: StoreErrorCode;
      readonly asked: StoreQuestionName;
      readonly detail: string;
      readonly sentence: string;
    }
  | { readonly event: "chain-reached" }
  /** It is tried again until it is there. */
  | { readonly event: "chain-lost" }
  | { readonly event: "colyseus"; readonly error: string }
  | { readonly event: "bug"; readonly error: string };

export type LossReason = "closed" | "silent" | "malformed" | "incompatible" | "full" | "stopped";

export type Log = (event: GatewayEvent) => void;

/** What the link to one worker says of itself; which one that is, whoever has the link adds. */
export type WorkerEvent = Extract<
  GatewayEvent,
  { readonly event: "worker-ready" | "worker-lost" | "worker-incompatible" }
>;

const levels: { readonly [event in GatewayEvent["event"]]: Level } = {
  listening: "info",
  stopping: "info",
  stopped: "info",
  "worker-ready": "info",
  "worker-lost": "error",
  "worker-incompatible": "error",
  "worker-started": "info",
  "worker-exited": "error",
  "worker-unstartable": "error",
  refused: "debug",
  closed: "debug",
  "lobby-full": "warn",
  "connections-full": "warn",
  "room-stayed": "warn",
  "room-unopened": "error",
  "collateral-unavailable": "warn",
  "store-failing": "error",
  "chain-reached": "info",
  "chain-lost": "warn",
  colyseus: "warn",
  bug: "error",
};

/** One JSON object a line. @param destination standard output unless given. */
export function openLog(level: Level | "silent", destination?: DestinationStream): Log {
  const options = { level, base: { process: "gateway" }, timestamp: pino.stdTimeFunctions.isoTime };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  return ({ event, ...fields }) => logger[levels[event]](fields, event);
}

/** The class of an error and nothing of its text, which may quote what a client sent. */
export const errorName = (error: unknown): string => {
  const name = error instanceof Error ? error.name : String(error).split(":", 1)[0]!;
  return /^[A-Za-z]{1,40}$/.test(name) ? name : "unknown";
};
