/** The HTTP interface: what a page asks before it has a channel. Every body is parsed here, once. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { json, Router, type NextFunction, type Request, type RequestHandler, type Response } from "express";
import type { HostedContract, Ready } from "#protocol/control.ts";
import { ProtocolError, type ErrorCode } from "#protocol/errors.ts";
import { isRoomId, type RoomId } from "#protocol/identity.ts";
import { protocolVersion } from "#protocol/limits.ts";
import { chooseOptions, type RoomOptions } from "#protocol/manifest.ts";
import { parseReportQuestion } from "#protocol/report-reading.ts";
import { isRecord } from "#protocol/value.ts";
import type { Admission } from "./admission.ts";
import { chainRouter, type ChainAnswerer } from "./chain/chain-http.ts";
import type { KeptReports } from "./kept-reports.ts";
import { bodyLengthMax, listLengthMax } from "./limits.ts";
import type { Lobby } from "./lobby.ts";
import { errorName, type Log } from "./log.ts";
import type { QuickMatch } from "./matchmaker.ts";
import { codeOfFailure, refuse } from "./refusal.ts";
import { relayRoomName } from "./relay-room.ts";
import { reserveSeat } from "./relays.ts";
import type { RevealedLogs } from "./revealed-logs.ts";
import type { Traffic } from "./traffic.ts";

export interface ApiPorts {
  readonly admission: Admission;
  readonly lobby: Lobby;
  readonly quickMatch: QuickMatch;
  /** What the worker is; undefined while there is none. */
  readonly ready: () => Ready | undefined;
  /** Makes a room. Throws ProtocolError. */
  readonly create: (contract: string, options: RoomOptions, listed: boolean) => Promise<RoomId>;
  /** Undefined where no store is kept. */
  readonly revealed: RevealedLogs | undefined;
  /** Undefined where no store is kept, or no moderator is known. */
  readonly reports: KeptReports | undefined;
  /** Undefined where no chain is followed. */
  readonly chain: () => ChainAnswerer | undefined;
  readonly traffic: Traffic;
  readonly log: Log;
}

const parseJson: RequestHandler = json({ limit: bodyLengthMax, strict: true, type: "application/json" });

/** `/api/…` */
export function apiRouter(ports: ApiPorts): Router {
  const { admission, lobby, quickMatch, ready, create, revealed, reports, chain } = ports;
  const router = Router({ caseSensitive: true, strict: true });
  router.use(crossOrigin(admission));
  router.use((request, _response, next) => {
    admission.request(request);
    next();
  });
  router.get("/info", (_request, response) => {
    response.json({ protocol: protocolVersion, ready: ready() ?? null });
  });
  router.get("/rooms", (request, response) => {
    response.json({ rooms: lobby.list(parseContract(request.query["contract"]), listLengthMax) });
  });
  router.post("/rooms", parseJson, async (request, response) => {
    const { contract, options, listed } = parseWish(request.body, ready());
    admission.creation(request);
    response.status(201).json({ room: await create(contract, options, listed) });
  });
  router.get("/rooms/:room/log", async (request, response) => {
    const pieces = await askLog(request.params["room"], revealed);
    response.type("application/octet-stream");
    await pipeline(Readable.from(pieces, { objectMode: false }), response).catch((error: NodeJS.ErrnoException) => {
      // Whoever asked has gone away.
      if (error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
    });
  });
  router.post("/reports", parseJson, async (request, response) => {
    const question = parseReportQuestion(request.body);
    if (reports === undefined) throw new ProtocolError("reports-refused");
    const found = await reports.read(question, (origin) => admission.names(origin));
    response.json({ reports: found.map(({ number, sealed }) => ({ number, sealed: base64(sealed) })) });
  });
  router.post("/match", parseJson, async (request, response) => {
    const { contract, options } = parseWish(request.body, ready());
    response.json({ room: await quickMatch.match(contract, options, () => admission.creation(request)) });
  });
  router.use("/chain", chainRouter(chain));
  router.use(noSuchPath);
  router.use(failed("api", ports));
  return router;
}

/** `/matchmake/joinOrCreate/relay`, in the form the Colyseus SDK asks and is answered. None of its other methods exist. */
export function joinRouter(ports: ApiPorts): Router {
  const { admission, ready } = ports;
  const router = Router({ caseSensitive: true, strict: true });
  router.use(crossOrigin(admission));
  router.post(`/joinOrCreate/${relayRoomName}`, parseJson, async (request, response) => {
    admission.join(request);
    const room = parseJoin(request.body);
    if (ready() === undefined) throw new ProtocolError("worker-lost");
    response.json(await reserveSeat(room));
  });
  router.use(noSuchPath);
  router.use(failed("join", ports));
  return router;
}

/** Lets pages of allowed origins read the answers. Without credentials: there are none to send. */
function crossOrigin(admission: Admission): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers;
    response.vary("Origin");
    response.set("Cache-Control", "no-store");
    if (origin !== undefined && admission.allows(origin)) {
      response.set("Access-Control-Allow-Origin", origin);
      response.set("Access-Control-Expose-Headers", "Retry-After");
    }
    if (request.method !== "OPTIONS") {
      next();
      return;
    }
    response.set("Access-Control-Allow-Methods", "GET, POST");
    response.set("Access-Control-Allow-Headers", "Content-Type");
    response.set("Access-Control-Max-Age", "600");
    response.status(204).end();
  };
}

const noSuchPath: RequestHandler = (_request, response) => {
  response.status(404).json({ code: "malformed", sentence: "There is nothing at this address.", error: "malformed" });
};

/** Answers what was thrown. Our own mistakes are logged by class and answered as "busy". */
function failed(asked: "api" | "join", { traffic, log }: ApiPorts) {
  // Express tells error handlers by their four parameters.
  return (error: unknown, _request: Request, response: Response, _next: NextFunction): void => {
    let code: ErrorCode | undefined = codeOfFailure(error);
    if (code === undefined) {
      log({ event: "bug", error: errorName(error) });
      code = "busy";
    }
    traffic.countRefusal(code);
    log({ event: "refused", asked, code });
    if (!response.headersSent) refuse(response, code);
  };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** A log that its room has revealed. */
async function askLog(room: unknown, revealed: RevealedLogs | undefined): Promise<AsyncIterable<Uint8Array>> {
  if (!isRoomId(room)) throw new ProtocolError("malformed", "room");
  if (revealed?.busy === true) throw new ProtocolError("busy");
  const pieces = await revealed?.read(room);
  if (pieces === undefined) throw new ProtocolError("room-not-found");
  return pieces;
}

function parseContract(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string" || value.length > 64) throw new ProtocolError("malformed", "contract");
  return value;
}

interface Wish {
  readonly contract: string;
  readonly options: RoomOptions;
  readonly listed: boolean;
}

function parseWish(body: unknown, ready: Ready | undefined): Wish {
  const { contract, options, listed } = fieldsOf(body, ["contract", "options", "listed"]);
  const name = parseContract(contract);
  if (name === undefined || (listed !== undefined && typeof listed !== "boolean")) {
    throw new ProtocolError("malformed", "wish");
  }
  if (ready === undefined) throw new ProtocolError("worker-lost");
  const hosted: HostedContract | undefined = ready.contracts.find((candidate) => candidate.name === name);
  if (hosted === undefined) throw new ProtocolError("contract-unknown");
  return { contract: name, options: chooseOptions(hosted, options), listed: listed ?? false };
}

function parseJoin(body: unknown): RoomId {
  const { room } = fieldsOf(body, ["room"]);
  if (!isRoomId(room)) throw new ProtocolError("malformed", "room");
  return room;
}

/** The fields of a body that has no others: what is not understood is refused, not ignored. */
function fieldsOf(body: unknown, names: readonly string[]): { readonly [name: string]: unknown } {
  if (!isRecord(body)) throw new ProtocolError("malformed", "body");
  if (Object.keys(body).some((name) => !names.includes(name))) throw new ProtocolError("malformed", "unknown field");
  return body;
}
