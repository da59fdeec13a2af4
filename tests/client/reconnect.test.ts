import { expect, test } from "vitest";
import { AttestationError } from "#attestation/errors.ts";
import type { ConnectionState } from "#client/room.ts";
import { isFinal, pauseBefore } from "#client/reconnection.ts";
import { ClientError, type ClientErrorCode } from "#client/errors.ts";
import { encodeWorkerEnvelope, helloLength, resumeLength } from "#protocol/envelope.ts";
import { type ErrorCode, errorCodes } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { tally } from "../enclave/room/contracts.ts";
import type { Carrier } from "./carrier.ts";
import { Place, verifiedFrom } from "./place.ts";

type Tally = typeof tally;

/** Two players in one room; the first one's line is the one that is played with. */
async function playing() {
  const place = new Place(tally);
  const id = place.newRoom();
  const carrier = place.carrier();
  const room = await place.join<Tally>(id, 1, carrier);
  const opponent = await place.join<Tally>(id, 2);
  await place.time.pass(100);
  const states: ConnectionState[] = [];
  room.on("connection", (state) => states.push(state));
  return { place, id, carrier, room, opponent, states };
}

const firstBytes = (carrier: Carrier): number[] => carrier.sent.map((envelope) => envelope[0]!);

test("a lost line is resumed by the short handshake, and the game goes on", async () => {
  const { place, carrier, room, opponent, states } = await playing();
  carrier.sent.length = 0;
  carrier.cut();
  expect(states).toEqual(["reconnecting"]);
  await place.time.pass(100);
  expect(opponent.status.phase).toBe("paused");
  await place.time.pass(2000);
  expect(states).toEqual(["reconnecting", "joined"]);
  expect(carrier.sent[0]).toHaveLength(resumeLength);
  expect(firstBytes(carrier).filter((byte) => byte === 0x01)).toEqual([]);
  expect(await place.time.until(room.move({ add: 3 }))).toEqual({ accepted: true });
  expect(opponent.view?.total).toBe(3);
  expect(room.seat).toBe(0);
});

test("a resumption continues what was verified; its evidence is not asked for again", async () => {
  const { place, carrier, room } = await playing();
  const { shield } = room;
  carrier.cut();
  await place.time.pass(2000);
  expect(room.connection).toBe("joined");
  expect(room.shield).toBe(shield);
});

test("each resumption hands out the secret for the next one, and none is used twice", async () => {
  const { place, carrier, room } = await playing();
  const ids = new Set<string>();
  for (let times = 0; times < 5; times++) {
    carrier.sent.length = 0;
    carrier.cut();
    await place.time.pass(12_000);
    expect(room.connection).toBe("joined");
    expect(carrier.sent[0]).toHaveLength(resumeLength);
    ids.add(Buffer.from(carrier.sent[0]!.subarray(2, 18)).toString("hex"));
  }
  expect(ids.size).toBe(5);
});

test("a worker that has forgotten the secret is verified in full again, at once", async () => {
  const { place, id, carrier, room, states } = await playing();
  const shields: unknown[] = [];
  room.on("shield", (next, previous) => shields.push(next, previous));
  const before = room.shield;
  place.forgetResumptions(id);
  carrier.sent.length = 0;
  carrier.cut();
  await place.time.pass(1000);
  expect(carrier.sent[0]).toHaveLength(resumeLength);
  expect(carrier.sent[1]).toHaveLength(helloLength);
  expect(states).toEqual(["reconnecting", "joined"]);
  expect(shields).toEqual([room.shield, before]);
  expect(room.shield).not.toBe(before);
});

test("a secret whose use was cut off is not used again", async () => {
  const { place, carrier, room } = await playing();
  carrier.sent.length = 0;
  // The room spends it, and the answer is lost.
  carrier.toClient = (envelope) => (envelope[0] === 0x12 ? [] : [envelope]);
  carrier.cut();
  await place.time.pass(30_000);
  expect(room.connection).toBe("joined");
  const kinds = firstBytes(carrier).filter((byte) => byte !== 0x03);
  expect(kinds).toEqual([0x02, 0x01]);
});

test("a worker that is no longer believed after a reconnection ends the room", async () => {
  const place = new Place(tally);
  const id = place.newRoom();
  const carrier = place.carrier();
  let genuine = true;
  const verify = async (evidence: Uint8Array) => {
    if (!genuine) throw new AttestationError("quote-signature");
    return verifiedFrom(evidence);
  };
  const room = await place.join<Tally>(id, 1, carrier, {}, { verify });
  genuine = false;
  place.forgetResumptions(id);
  carrier.sent.length = 0;
  carrier.cut();
  await place.time.pass(2000);
  expect(room.connection).toBe("closed");
  expect(room.closed).toMatchObject({ code: "quote-signature", source: "client" });
  expect(firstBytes(carrier)).toEqual([0x02, 0x01]);
});

test("a host that goes back to an older judgement of its hardware after a reconnection is refused", async () => {
  const place = new Place(tally);
  const id = place.newRoom();
  const carrier = place.carrier();
  let evaluation = 17;
  const verify = async (evidence: Uint8Array) => {
    const verified = verifiedFrom(evidence);
    return { ...verified, tcb: { ...verified.tcb, evaluation } };
  };
  const room = await place.join<Tally>(id, 1, carrier, {}, { verify });
  evaluation = 16;
  place.forgetResumptions(id);
  carrier.cut();
  await place.time.pass(2000);
  expect(room.closed).toMatchObject({ code: "evaluation-too-old" });
});

test("a second window takes over, and the first one stops for good", async () => {
  const { place, id, room, states } = await playing();
  const second = await place.join<Tally>(id, 1);
  await place.time.pass(60_000);
  expect(states).toEqual(["closed"]);
  expect(room.closed).toMatchObject({ code: "taken-over", source: "room" });
  expect(second.seat).toBe(0);
  expect(await place.time.until(second.move({ add: 1 }))).toEqual({ accepted: true });
});

test("a gateway that withholds everything is shown as reconnecting, and left", async () => {
  const { place, carrier, room, states } = await playing();
  carrier.withholds = true;
  await place.time.pass(20_000);
  expect(states).toEqual(["reconnecting"]);
  expect(carrier.opened).toBeGreaterThan(1);
  carrier.withholds = false;
  await place.time.pass(30_000);
  expect(room.connection).toBe("joined");
  expect(states).toEqual(["reconnecting", "joined"]);
});

test.for(["flips", "drops", "repeats", "reorders", "reflects"] as const)(
  "a gateway that %s a frame is noticed, and the room is joined again over a new channel",
  async (how) => {
    const { place, carrier, room, opponent, states } = await playing();
    let held: Uint8Array | undefined;
    let done = false;
    carrier.toClient = (envelope) => {
      if (done || envelope[0] !== 0x13) return [envelope];
      if (how === "flips") envelope[20]! ^= 1;
      if (how === "reflects") envelope = Uint8Array.from([0x13, ...carrier.sent.at(-1)!.subarray(1)]);
      if (how === "reorders" && held === undefined) {
        held = envelope;
        return [];
      }
      done = true;
      if (how === "drops") return [];
      if (how === "repeats") return [envelope, envelope];
      return held === undefined ? [envelope] : [envelope, held];
    };
    await place.time.until(opponent.move({ add: 1 }));
    await place.time.pass(20_000);
    expect(states).toEqual(["reconnecting", "joined"]);
    carrier.toClient = (envelope) => [envelope];
    expect(await place.time.until(room.move({ add: 1 }))).toEqual({ accepted: true });
    expect(room.view?.total).toBe(2);
  },
);

test("an envelope of the gateway's own making breaks the line, not the room", async () => {
  const { place, carrier, room, states } = await playing();
  for (const envelope of [new Uint8Array(0), Uint8Array.of(0x77), new Uint8Array(70_000).fill(0x13)]) {
    carrier.inject(envelope);
    await place.time.pass(15_000);
    expect(room.connection).toBe("joined");
  }
  expect(states).toEqual(["reconnecting", "joined", "reconnecting", "joined", "reconnecting", "joined"]);
});

test.for(Object.keys(errorCodes) as ErrorCode[])(
  "%s from a gateway is final exactly if trying again makes no sense",
  async (code) => {
    const { place, carrier, room } = await playing();
    carrier.refuses = code;
    carrier.cut();
    await place.time.pass(5000);
    expect(room.connection).toBe(errorCodes[code].retry ? "reconnecting" : "closed");
    if (!errorCodes[code].retry) expect(room.closed).toMatchObject({ code, source: "gateway" });
    carrier.refuses = undefined;
    await place.time.pass(30_000);
    expect(room.connection).toBe(errorCodes[code].retry ? "joined" : "closed");
  },
);

test.for<[ClientErrorCode, "room" | "gateway" | "client", boolean]>([
  ["taken-over", "room", true],
  ["worker-lost", "gateway", false],
  ["malformed", "client", false],
  ["malformed", "room", true],
  ["handshake-timeout", "client", false],
  ["key-not-bound", "client", true],
  ["keys-unavailable", "client", true],
])("%s, said by the %s, is final: %s", ([code, source, final]) => {
  expect(isFinal(new ClientError(code, { source }))).toBe(final);
});

test("pauses double up to a limit, and are spread", () => {
  expect([0, 1, 2, 3, 4, 5, 99].map((attempt) => pauseBefore(attempt, 10_000, 1))).toEqual([
    500, 1000, 2000, 4000, 8000, 10_000, 10_000,
  ]);
  expect(pauseBefore(3, 10_000, 0)).toBe(0);
});

test("a room that falls over as soon as it is joined is not hurried", async () => {
  const { place, carrier, room } = await playing();
  const opened = carrier.opened;
  // Joined each time, and broken by the first frame after that.
  room.on("connection", (state) => {
    if (state === "joined") place.time.after(1, () => carrier.cut());
  });
  carrier.cut();
  await place.time.pass(60_000);
  expect(carrier.opened - opened).toBeLessThan(25);
});

test("a player who wants to try now does not wait for the pause to end", async () => {
  const { place, carrier, room } = await playing();
  carrier.refuses = "unreachable";
  carrier.cut();
  await place.time.pass(60_000);
  carrier.refuses = undefined;
  room.retryNow();
  await place.time.pass(100);
  expect(room.connection).toBe("joined");
});

test("a place that stays away is given up after as long as any room holds a seat", async () => {
  const { place, carrier, room } = await playing();
  carrier.refuses = "unreachable";
  carrier.cut();
  const move = room.move({ add: 1 }).catch((error: unknown) => error);
  await place.time.pass(29 * 60_000);
  expect(room.connection).toBe("reconnecting");
  await place.time.pass(2 * 60_000);
  expect(room.closed).toMatchObject({ code: "unreachable" });
  expect(await move).toMatchObject({ code: "unreachable" });
});

test("closing while reconnecting ends the attempts", async () => {
  const { place, carrier, room, opponent } = await playing();
  for (const moment of [0, 5, 600]) {
    carrier.cut();
    await place.time.pass(moment);
  }
  room.close();
  opponent.close();
  await place.time.pass(60_000);
  expect(room.closed).toMatchObject({ code: "closed" });
  expect(carrier.sockets).toBe(0);
});

test("the room's clock stands still for a player whose line is lost", async () => {
  const { place, carrier, room } = await playing();
  await place.time.pass(1000);
  expect(room.tickNow() - room.tick).toBeGreaterThan(40);
  carrier.refuses = "unreachable";
  carrier.cut();
  const stopped = room.tickNow();
  await place.time.pass(5000);
  expect(room.tickNow()).toBe(stopped);
});

test.for(["worker-lost", "left", "taken-over", "room-ended"] as const)(
  "while a channel lives, a gateway that says %s is not believed: only the room can say that",
  async (code) => {
    const { place, carrier, room } = await playing();
    carrier.inject(encodeWorkerEnvelope({ kind: "refused", code }));
    await place.time.pass(15_000);
    expect(room.connection).toBe("joined");
    carrier.cut(code);
    await place.time.pass(15_000);
    expect(room.connection).toBe("joined");
  },
);

test("a room that is gone after a reconnection is closed with its code, and moves are not left hanging", async () => {
  const { place, id, carrier, room } = await playing();
  carrier.cut();
  const move = room.move({ add: 1 }).catch((error: unknown) => error);
  place.rooms.forget(place.rooms.find(id as RoomId)!);
  await place.time.pass(5000);
  expect(room.closed).toMatchObject({ code: "room-not-found" });
  expect(await move).toMatchObject({ code: "room-not-found" });
});
