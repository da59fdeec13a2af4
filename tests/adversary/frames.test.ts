/** A host that changes, drops, repeats, reorders, reflects and swaps frames is noticed each time, and the game goes on. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeRefused } from "#protocol/control.ts";
import { linkKinds, type LinkMessage } from "#protocol/link.ts";
import { openStage, type Dot4Room, type Stage } from "./stage.ts";
import { playToWin, until } from "./play-out.ts";
import type { Direction, Rule, Seen } from "./tamper.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => stage.close());

const isData = ({ kind, body }: Seen): boolean => kind === linkKinds.frame && (body[0] === 0x03 || body[0] === 0x13);

const flipped = (message: LinkMessage, at: number): LinkMessage => {
  const body = message.body.slice();
  body[at]! ^= 1;
  return { ...message, body };
};

/** The same ciphertext under the envelope byte that the other direction uses. */
const relabelled = (message: LinkMessage): LinkMessage => {
  const body = message.body.slice();
  body[0]! ^= 0x10;
  return { ...message, body };
};

/** Acts on one data frame of one seat, then lets everything pass. */
function once(
  direction: Direction,
  seat: number,
  act: (message: Seen, wire: Parameters<Rule>[1]) => readonly LinkMessage[],
): Rule {
  let done = false;
  return (message, wire) => {
    if (done || message.direction !== direction || message.seat !== seat || !isData(message)) return [message];
    done = true;
    return act(message, wire);
  };
}

/** Holds one frame back until the next one of the same seat has gone ahead of it. */
function overtaken(direction: Direction, seat: number): Rule {
  let held: Seen | undefined;
  let done = false;
  return (message) => {
    if (done || message.direction !== direction || message.seat !== seat || !isData(message)) return [message];
    if (held === undefined) {
      held = message;
      return [];
    }
    done = true;
    return [message, held];
  };
}

const attacks: Record<string, (direction: Direction, seat: number, other: number) => Rule> = {
  "flips a bit of the ciphertext": (direction, seat) => once(direction, seat, (message) => [flipped(message, 5)]),
  "flips a bit of the tag": (direction, seat) =>
    once(direction, seat, (message) => [flipped(message, message.body.length - 1)]),
  "cuts a frame short": (direction, seat) =>
    once(direction, seat, (message) => [{ ...message, body: message.body.slice(0, -1) }]),
  "drops a frame": (direction, seat) => once(direction, seat, () => []),
  "repeats a frame": (direction, seat) => once(direction, seat, (message) => [message, message]),
  "lets a frame overtake another": overtaken,
  "gives a frame to the other player": (direction, seat, other) =>
    once(direction, seat, (message) => [message, { ...message, seat: other }]),
  "sends a frame back to where it came from": (direction, seat) =>
    once(direction, seat, (message, wire) => {
      wire.inject(direction === "to-worker" ? "to-gateway" : "to-worker", relabelled(message));
      return [message];
    }),
};

const directions: readonly Direction[] = ["to-worker", "to-gateway"];
const cases = Object.keys(attacks).flatMap((attack) => directions.map((direction) => [attack, direction] as const));

/** @param pong How long they wait for an answer, in ms: default so long that only what is wrong with a frame is noticed. */
async function twoPlaying(pong = 30_000): Promise<{ rooms: [Dot4Room, Dot4Room]; seats: [number, number] }> {
  const room = await stage.room();
  const from = stage.link.seen.length;
  const timeouts = { ping: 250, pong, pauseMax: 100, answer: 30_000 };
  const rooms: [Dot4Room, Dot4Room] = [
    await stage.join(room, { name: "Ada", timeouts }),
    await stage.join(room, { name: "Grace", timeouts }),
  ];
  await until(rooms[0], ({ view }) => view?.phase === "placing");
  const attached = stage.link.seen.slice(from).filter(({ kind }) => kind === linkKinds.attach);
  return { rooms, seats: [attached[0]!.seat, attached[1]!.seat] };
}

test.for(cases)("a host that %s (%s) gains nothing, and the game is played to its end", async ([attack, direction]) => {
  const { rooms, seats } = await twoPlaying();
  const broken = new Set<string>();
  for (const [i, room] of rooms.entries())
    room.on("connection", (next) => next === "reconnecting" && broken.add(`${i}`));
  const from = stage.link.seen.length;
  stage.link.rule = attacks[attack]!(direction, seats[0], seats[1]);
  const played = await playToWin(rooms, 7);
  expect(broken.size).toBeGreaterThan(0);
  for (const room of rooms) {
    expect(room.connection).toBe("joined");
    expect(room.status.ended?.how).toBe("finished");
    // Bombs were hidden by two moves; everything else was a drop, each applied exactly once.
    expect(room.view?.drops).toBe(played.accepted[0] + played.accepted[1] - 2);
  }
  const closings = stage.link.seen
    .slice(from)
    .filter(({ kind, direction: way }) => kind === linkKinds.close && way === "to-gateway")
    .map(({ body }) => decodeRefused(body).code);
  for (const code of closings) expect(["channel-broken", "taken-over"]).toContain(code);
});

test("a host that withholds everything is shown as reconnecting, not as a game that stands still", async () => {
  const { rooms } = await twoPlaying(500);
  stage.link.rule = () => [];
  await new Promise<void>((resolve) => rooms[0].on("connection", (next) => next === "reconnecting" && resolve()));
  stage.link.rule = (message) => [message];
  const played = await playToWin(rooms, 8);
  expect(played.accepted[0]).toBeGreaterThan(0);
});

test("a host cannot speak for a player, nor to one", async () => {
  const { rooms, seats } = await twoPlaying();
  const before = stage.link.seen.length;
  stage.link.inject("to-worker", {
    kind: linkKinds.frame,
    seat: seats[0],
    body: Uint8Array.of(0x03, ...new Uint8Array(256 + 16)),
  });
  await new Promise<void>((resolve) => rooms[0].on("connection", (next) => next === "joined" && resolve()));
  stage.link.inject("to-gateway", { kind: linkKinds.frame, seat: seats[1], body: Uint8Array.of(0x14, 22, 0) });
  await new Promise<void>((resolve) => rooms[1].on("connection", (next) => next === "joined" && resolve()));
  const played = await playToWin(rooms, 9);
  expect(played.refused).toEqual([]);
  expect(stage.link.seen.length).toBeGreaterThan(before);
});
