/** A room under a hand-moved clock, with what each connection was told. */
import type { Listing } from "#protocol/control.ts";
import { ProtocolError, type ErrorCode } from "#protocol/errors.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import { chooseOptions } from "#protocol/manifest.ts";
import type { UpdateMessage, WorkerMessage } from "#protocol/message.ts";
import { applyPatch } from "#protocol/patch.ts";
import type { OutsideRequest } from "#protocol/request.ts";
import type { Value } from "#protocol/value.ts";
import type { AnyContract } from "#contract/contract.ts";
import { Course } from "#enclave/room/course.ts";
import type { Consumption } from "#enclave/room/consuming.ts";
import type { ItemAward } from "#enclave/room/happenings.ts";
import type { Boundary } from "#enclave/room/inputs.ts";
import { RecordChain } from "#enclave/room/record-chain.ts";
import { Room, type Entry } from "#enclave/room/room.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { inProcess } from "#testing/in-process.ts";

export const alice = "a".repeat(32) as PlayerId;
export const bob = "b".repeat(32) as PlayerId;
export const carol = "c".repeat(32) as PlayerId;

export interface RoomUnderTest {
  readonly room: Room;
  readonly listings: Listing[];
  readonly faults: string[];
  /** Every boundary that was recorded. */
  readonly boundaries: Boundary[];
  /** How many of them are durable; set it back to see what waits. */
  journal: TestJournal;
  readonly closed: Map<number, ErrorCode>;
  /** Items that its contract wanted to use up. Nobody does but the test. */
  readonly consuming: Consumption[];
  /** What its contract asked outside. Nobody answers but the test. */
  readonly asked: { readonly id: string; readonly request: OutsideRequest }[];
  /** Connections whose devices show nothing of what they are handed. Others do, as soon as time passes. */
  readonly silent: Set<number>;
  now: number;
  enter(connection: number, player: PlayerId, entry?: Partial<Entry>): void;
  move(connection: number, n: number, move: Value): void;
  /** Lets time pass and runs every boundary that comes due. */
  pass(ms: number): void;
  /** Devices show what they were handed. */
  show(): void;
  /** Everything told to a connection, in order. */
  told(connection: number): WorkerMessage[];
  updates(connection: number): UpdateMessage[];
  /** The view that a connection's patches add up to. */
  view(connection: number): Value | undefined;
  outcomes(connection: number): (readonly [number, string | null])[];
  status(connection: number): UpdateMessage["status"];
}

export interface HarnessOptions {
  readonly seed?: number;
  readonly listed?: boolean;
  readonly loaded?: LoadedContract;
  readonly journal?: TestJournal;
  readonly award?: (award: ItemAward) => void;
  /** To go on with. */
  readonly course?: Course;
}

/** Keeps boundaries in sight. Everything is durable at once unless a test says otherwise. */
export class TestJournal extends RecordChain {
  readonly boundaries: Boundary[] = [];
  /** What players keep of it, where somebody keeps the room. */
  witness?(): Uint8Array;
  /** Boundaries that are not durable yet, counted from the newest. */
  lag = 0;

  constructor() {
    super(new Uint8Array(32).fill(1), "0123456789abcdef0123" as RoomId, 1);
  }

  override get durable(): number {
    return this.recorded - this.lag;
  }

  override record(boundary: Boundary): void {
    super.record(boundary);
    this.boundaries.push(boundary);
  }
}

export function openRoom(contract: AnyContract, options: HarnessOptions = {}): RoomUnderTest {
  const loaded = options.loaded ?? inProcess(contract);
  const messages = new Map<number, WorkerMessage[]>();
  const closed = new Map<number, ErrorCode>();
  const silent = new Set<number>();
  let kept: { readonly connection: number; readonly witness: Uint8Array }[] = [];
  const listings: Listing[] = [];
  const faults: string[] = [];
  const consuming: Consumption[] = [];
  const asked: { readonly id: string; readonly request: OutsideRequest }[] = [];
  const journal = options.journal ?? new TestJournal();
  const id = "0123456789abcdef0123" as RoomId;
  const chosen = chooseOptions(loaded.manifest, undefined);
  const seed = new Uint8Array(32).fill(options.seed ?? 1);
  const fault = (detail: string): void => void faults.push(detail);
  const room = new Room({
    id,
    course: options.course ?? new Course({ contract: loaded, options: chosen, seed, fault }),
    options: chosen,
    listed: options.listed ?? true,
    output: {
      send: (connection, message) => {
        const list = messages.get(connection) ?? [];
        if (message.type === "witness") kept.push({ connection, witness: message.witness });
        // The bytes of the next viewer's rows take the place of this one's.
        list.push(message.type === "entities" ? { ...message, body: message.body.slice() } : message);
        messages.set(connection, list);
      },
      close: (connection, code) => closed.set(connection, code),
    },
    announce: (listing) => listings.push(listing),
    consume: ({ n, player, item }) => void consuming.push({ n, player, item }),
    ask: (asking, request) => void asked.push({ id: asking, request }),
    ...(options.award === undefined ? {} : { award: options.award }),
    journal,
    now: 0,
  });
  const told = (connection: number): WorkerMessage[] => messages.get(connection) ?? [];
  const updates = (connection: number): UpdateMessage[] =>
    told(connection).filter((message): message is UpdateMessage => message.type === "update");
  const it: RoomUnderTest = {
    room,
    listings,
    faults,
    boundaries: journal.boundaries,
    journal,
    closed,
    consuming,
    asked,
    silent,
    now: 0,
    enter(connection, player, entry = {}) {
      const name = player[0]!.toUpperCase();
      room.enter(connection, { player, want: "play", name, entropy: new Uint8Array(32).fill(7), ...entry }, this.now);
    },
    move(connection, n, move) {
      room.receive(connection, { type: "move", n, move }, this.now);
    },
    pass(ms) {
      const until = this.now + ms;
      this.show();
      while (room.dueAt <= until) {
        this.now = Math.max(this.now, room.dueAt);
        room.boundary(this.now);
        this.show();
      }
      this.now = until;
    },
    show() {
      const shown = kept.filter(({ connection }) => !closed.has(connection) && !silent.has(connection));
      kept = [];
      for (const { connection, witness } of shown) {
        // Whoever has dropped meanwhile says nothing any more.
        try {
          room.receive(connection, { type: "witness", witness }, this.now);
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
        }
      }
    },
    told,
    updates,
    view(connection) {
      let view: Value | undefined;
      for (const { patch } of updates(connection)) if (patch !== undefined) view = applyPatch(view ?? null, patch);
      return view;
    },
    outcomes: (connection) => updates(connection).flatMap(({ outcomes }) => outcomes ?? []),
    status: (connection) => updates(connection).findLast(({ status }) => status !== undefined)?.status,
  };
  return it;
}
