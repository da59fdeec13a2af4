/** What an operator may do with rooms: see where they are, move one, empty a worker. Behind the password of `/monitor`. */
import { json, Router, type NextFunction, type Request, type Response } from "express";
import { hexToBytes } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { isRoomId, type RoomId } from "#protocol/identity.ts";
import { isRecord } from "#protocol/value.ts";
import { atOnce } from "./at-once.ts";
import { bodyLengthMax } from "./limits.ts";
import { errorName, type Log } from "./log.ts";
import type { Moves } from "./moves.ts";
import { requirePassword, type OperatorPorts } from "./operator.ts";
import { codeOfFailure, refuse } from "./refusal.ts";
import type { KnownWorker, Workers } from "./workers.ts";

export interface MovesRouterPorts extends OperatorPorts {
  readonly workers: Workers;
  readonly moves: Moves;
  readonly log: Log;
}

/** One worker, or one thread of it, as the operator sees it. */
export interface WorkerReport {
  readonly name: string;
  /** Of the worker that it is a thread of. */
  readonly of: string;
  readonly ready: boolean;
  readonly draining: boolean;
  readonly rooms: number;
  readonly seats: number;
  /** For how much of the time it has something to do, as it says: 0 to 1. */
  readonly busy: number;
}

/** `/operator/…` */
export function operatorMovesRouter(ports: MovesRouterPorts): Router {
  const { workers, moves, log } = ports;
  const router = Router({ caseSensitive: true, strict: true });
  router.use(requirePassword(ports.admission, ports.password));
  router.use((_request, response, next) => {
    response.set("Cache-Control", "no-store");
    next();
  });
  router.use(json({ limit: bodyLengthMax, strict: true, type: "application/json" }));
  router.get("/workers", (_request, response) => {
    response.json({ workers: workers.all.map(report) });
  });
  router.get("/rooms/:room", (request, response) => {
    const { room } = request.params;
    if (!isRoomId(room)) throw new ProtocolError("malformed", "room");
    response.json({ room, worker: workers.holder(room)?.name ?? null });
  });
  router.post("/move", async (request, response) => {
    const { room, worker } = fieldsOf(request.body);
    if (!isRoomId(room)) throw new ProtocolError("malformed", "room");
    await moves.move(room, oneNamed(workers, worker));
    response.json({ room, worker });
  });
  router.post("/drain", (request, response) => {
    const meant = allMeant(workers, fieldsOf(request.body)["worker"]);
    // It may take longer than a connection may stand still: whoever asked looks at `/workers`.
    void moves.drain(meant);
    response.status(202).json({ workers: meant.map(report) });
  });
  router.post("/undrain", (request, response) => {
    const meant = allMeant(workers, fieldsOf(request.body)["worker"]);
    for (const worker of meant) worker.draining = false;
    response.json({ workers: meant.map(report) });
  });
  router.post("/upgrade", async (request, response) => {
    const { room, upgrade } = fieldsOf(request.body);
    if (room !== undefined && !isRoomId(room)) throw new ProtocolError("malformed", "room");
    if (typeof upgrade !== "string" || !/^([0-9a-f]{2})*$/.test(upgrade))
      throw new ProtocolError("malformed", "upgrade");
    // Thousands of rooms take longer than a connection may stand still: JSON may begin with white space.
    response.type("json");
    const alive = setInterval(() => response.write("\n"), aliveMs);
    try {
      response.end(JSON.stringify(await announce(workers, hexToBytes(upgrade), room)));
    } finally {
      clearInterval(alive);
    }
  });
  // Express tells error handlers by their four parameters.
  router.use((error: unknown, _request: Request, response: Response, _next: NextFunction): void => {
    const code = codeOfFailure(error);
    if (code === undefined) log({ event: "bug", error: errorName(error) });
    else log({ event: "refused", asked: "operator", code });
    if (response.headersSent) response.destroy();
    else refuse(response, code ?? "busy");
  });
  return router;
}

/** In how many rooms an upgrade was announced, and for which reasons others refused it. */
export interface Announced {
  readonly announced: number;
  readonly refused: Readonly<Record<string, number>>;
}

async function announce(workers: Workers, upgrade: Uint8Array, room: RoomId | undefined): Promise<Announced> {
  const waiting = room === undefined ? workers.all.flatMap((worker) => [...worker.rooms]) : [room];
  const refused: Record<string, number> = {};
  let announced = 0;
  await atOnce(announcingMax, waiting, async (each) => {
    try {
      await workers.forRoom(each).link.ask({ ask: "upgrade", room: each, upgrade });
      announced += 1;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      refused[error.code] = (refused[error.code] ?? 0) + 1;
    }
  });
  return { announced, refused };
}

/** Rooms that are told at once: each writes it down, and a store writes what comes together together. */
const announcingMax = 16;

/** Half of how long a gateway lets a connection stand still, and half of that. */
const aliveMs = 5000;

const report = ({ name, of, ready, draining, rooms, link }: KnownWorker): WorkerReport => ({
  name,
  of,
  ready,
  draining,
  rooms: rooms.size,
  seats: link.seats,
  busy: link.busy,
});

function oneNamed(workers: Workers, name: unknown): KnownWorker {
  const worker = typeof name === "string" ? workers.named(name) : undefined;
  if (worker === undefined) throw new ProtocolError("malformed", "no such worker");
  return worker;
}

function allMeant(workers: Workers, name: unknown): readonly KnownWorker[] {
  const meant = typeof name === "string" ? workers.meant(name) : [];
  if (meant.length === 0) throw new ProtocolError("malformed", "no such worker");
  return meant;
}

function fieldsOf(body: unknown): { readonly [name: string]: unknown } {
  if (!isRecord(body)) throw new ProtocolError("malformed", "body");
  return body;
}
