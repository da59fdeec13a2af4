/** One boundary of a room, looked at from all sides: what came in, what came of it, and what each viewer saw change. */
import type { Ended } from "#protocol/message.ts";
import type { Value } from "#protocol/value.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { RoomInput } from "#enclave/room/inputs.ts";
import type { Step } from "#enclave/room/course.ts";
import type { Perspective } from "#enclave/room/views.ts";
import { changesBetween, type Change } from "./changes.ts";
import { replay } from "./replay.ts";
import type { Moment, ReplayOptions, Report } from "./report.ts";

export interface MomentReport {
  /** Of the record. */
  readonly index: number;
  readonly tick: number;
  /** Since the room began, by its own clock. */
  readonly seconds: number;
  readonly inputs: readonly RoomInput[];
  readonly outcomes: Step["outcomes"];
  readonly happenings: Step["happenings"];
  readonly seated: readonly {
    readonly seat: number;
    readonly player: string;
    readonly name: string;
    readonly present: boolean;
  }[];
  /** When the next timer is due; null if there is none. */
  readonly nextTimer: number | null;
  readonly ended: Ended | null;
  readonly views: readonly Looked<{ readonly viewer: Perspective }>[];
  /** What the contract holds; undefined where it cannot be looked into. */
  readonly state?: Looked;
}

/** Something as it is, and how it differs from what it was at the boundary before. */
export type Looked<Of = unknown> = Of & { readonly value: Value; readonly changes: readonly Change[] };

export interface MomentOptions extends Pick<ReplayOptions, "decompress" | "later"> {
  /** What this contract of the room holds at the moment; undefined if it cannot be looked into. */
  readonly state?: (contract: LoadedContract) => Value | undefined;
}

/**
 * @param index of a record. What stands there may be an opening: then there is no moment.
 * @throws AuditError "not-a-log", "another-version".
 */
export function momentAt(
  log: Uint8Array,
  contract: LoadedContract,
  index: number,
  { state, ...options }: MomentOptions = {},
): { readonly report: Report; readonly moment: MomentReport | undefined } {
  let before: Snapshot = { views: new Map(), state: undefined };
  let moment: MomentReport | undefined;
  const report = replay(log, contract, {
    ...options,
    look(now) {
      if (now.index > index) return;
      // The state is looked at twice only: that takes a call into the contract.
      const near = now.index >= index - 2;
      const here: Snapshot = { views: viewsOf(now), state: near ? state?.(now.contract) : undefined };
      if (now.index === index) moment = momentOf(now, before, here);
      before = here;
    },
  });
  return { report, moment };
}

interface Snapshot {
  readonly views: ReadonlyMap<Perspective, Value>;
  readonly state: Value | undefined;
}

function viewsOf({ course }: Moment): Map<Perspective, Value> {
  const views = new Map<Perspective, Value>();
  for (const perspective of [...course.members.all().map(({ seat }) => seat), "spectators" as const]) {
    const view = course.views.of(perspective);
    if (view !== undefined) views.set(perspective, view.value);
  }
  return views;
}

function momentOf({ index, boundary, step, course }: Moment, before: Snapshot, here: Snapshot): MomentReport {
  const { nextTimer, tick, manifest } = course;
  return {
    index,
    tick,
    seconds: tick / manifest.hz,
    inputs: boundary.inputs,
    outcomes: step.outcomes,
    happenings: step.happenings,
    seated: course.members.all().map(({ seat, id, name, present }) => ({ seat, player: id, name, present })),
    nextTimer: Number.isFinite(nextTimer) ? nextTimer : null,
    ended: course.ended,
    views: [...here.views].map(([viewer, value]) => ({
      viewer,
      value,
      changes: changesBetween(before.views.get(viewer) ?? null, value),
    })),
    ...(here.state === undefined
      ? {}
      : { state: { value: here.state, changes: changesBetween(before.state ?? null, here.state) } }),
  };
}
