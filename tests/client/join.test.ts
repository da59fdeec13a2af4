import { expect, test } from "vitest";
import { AttestationError } from "#attestation/errors.ts";
import type { Policy } from "#attestation/policy.ts";
import type { ClientError } from "#client/errors.ts";
import { joinIn } from "#client/join.ts";
import type { JoinOptions } from "#client/join-options.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { helloLength } from "#protocol/envelope.ts";
import type { RoomId } from "#protocol/identity.ts";
import { tally } from "../enclave/room/contracts.ts";
import { Place, policy, verifiedFrom, world } from "./place.ts";

type Tally = typeof tally;

const other = new Uint8Array(32).fill(77);

test("a room that is what it should be is joined, with its view and what was verified", async () => {
  const place = new Place(tally);
  const room = await place.join<Tally>(place.newRoom(), 1);
  expect(room).toMatchObject({ connection: "joined", seat: 0, hz: 50, locked: false, closed: null });
  expect(room.view).toEqual({ total: 0, seen: ["join 0"] });
  expect(room.roster).toEqual([{ seat: 0, player: room.player, name: "Player number 1", present: true }]);
  expect(room.shield).toMatchObject({ accepted: true, development: true, origin: "https://page.example.org" });
  expect(room.shield.claims).toMatchObject({ world, contract: place.contractHash, room: room.room, term: 1 });
  expect(room.shield.evidence).toHaveLength(64);
});

test("a place that presents an older judgement than another room has shown this device is refused", async () => {
  const place = new Place(tally);
  const judged = (evaluation: number) => ({
    verify: async (evidence: Uint8Array) => {
      const verified = verifiedFrom(evidence);
      return { ...verified, tcb: { ...verified.tcb, evaluation } };
    },
  });
  await place.join<Tally>(place.newRoom(), 1, place.carrier(), {}, judged(17));
  const again = place.join<Tally>(place.newRoom(), 1, place.carrier(), {}, judged(16));
  await expect(again).rejects.toMatchObject({ code: "evaluation-too-old" });
});

test("a judgement that was not accepted is not remembered", async () => {
  const place = new Place(tally);
  const verify = async (evidence: Uint8Array) => {
    const verified = verifiedFrom(evidence);
    return { ...verified, tcb: { ...verified.tcb, status: "OutOfDate" as const, evaluation: 99 } };
  };
  const refused = place.join<Tally>(place.newRoom(), 1, place.carrier(), {}, { verify });
  await expect(refused).rejects.toMatchObject({ code: "tcb-status-refused" });
  await expect(place.join<Tally>(place.newRoom(), 1)).resolves.toMatchObject({ connection: "joined" });
});

test("a policy that lists contracts lets none in that is not among them", async () => {
  const place = new Place(tally);
  const listing = (...hashes: readonly Uint8Array[]): Policy => ({ ...policy, contracts: hashes.map(bytesToHex) });
  const join = (listed: Policy) => place.join<Tally>(place.newRoom(), 1, place.carrier(), { policy: listed });
  await expect(join(listing(other, place.contractHash))).resolves.toMatchObject({ connection: "joined" });
  await expect(join(listing(other))).rejects.toMatchObject({ code: "contract-refused" });
});

test("a spectator is shown a view and cannot move", async () => {
  const place = new Place(tally);
  const id = place.newRoom();
  await place.join<Tally>(id, 1);
  const room = await place.join<Tally>(id, 2, place.carrier(), { want: "watch" });
  expect(room.seat).toBeNull();
  expect(room.view).toEqual({ total: 0, seen: ["join 0"] });
  await expect(room.move({ add: 1 })).rejects.toMatchObject({ code: "not-admitted", source: "client" });
});

test("a page can say which step of joining is under way, and is not told of those of reconnections", async () => {
  const place = new Place(tally);
  const carrier = place.carrier();
  const steps: string[] = [];
  const id = place.newRoom();
  const room = await place.join(id, 1, carrier, { onStep: (step) => steps.push(step) });
  expect(steps).toEqual(["reaching", "checking", "joining"]);
  place.forgetResumptions(id);
  carrier.cut();
  await place.time.pass(5000);
  expect(room.connection).toBe("joined");
  expect(steps).toHaveLength(3);
});

test("what is sent before a worker was verified is a version and a key that was never seen before", async () => {
  const place = new Place(tally);
  const first = place.carrier();
  const second = place.carrier();
  const refuse = { verify: () => Promise.reject(new AttestationError("quote-signature")) };
  for (const carrier of [first, second]) {
    await expect(place.join(place.newRoom(), 1, carrier, {}, refuse)).rejects.toMatchObject({
      code: "quote-signature",
    });
    expect(carrier.sent).toHaveLength(1);
    expect(carrier.sent[0]).toHaveLength(helloLength);
    expect(Array.from(carrier.sent[0]!.subarray(0, 2))).toEqual([0x01, 1]);
    expect(carrier.sockets).toBe(0);
  }
  expect(first.sent[0]).not.toEqual(second.sent[0]);
});

test("evidence that hardware did not sign is refused with the verifier's code, and kept for inspection", async () => {
  const place = new Place(tally);
  const refuse = { verify: () => Promise.reject(new AttestationError("untrusted-root")) };
  const error = await place.join(place.newRoom(), 1, place.carrier(), {}, refuse).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "untrusted-root", shield: { accepted: false, verified: null } });
  expect((error as ClientError).shield?.evidence).toHaveLength(64);
});

test("evidence replayed from an earlier visit to the same room is stale", async () => {
  const place = new Place(tally);
  const earlier: Uint8Array[] = [];
  const keep = { verify: (evidence: Uint8Array) => Promise.resolve(verifiedFrom((earlier.push(evidence), evidence))) };
  const room = place.newRoom();
  await place.join(room, 1, place.carrier(), {}, keep);
  const replay = { verify: () => Promise.resolve(verifiedFrom(earlier[0]!)) };
  await expect(place.join(room, 2, place.carrier(), {}, replay)).rejects.toMatchObject({ code: "key-not-bound" });
});

test("a development machine is refused elsewhere than on loopback, and the refusal shows its fingerprint", async () => {
  const place = new Place(tally);
  const options = await place.options(place.newRoom(), place.carrier(), 1);
  const joining = joinIn(place.environment(), "https://play.example.org", options);
  const error = await place.time.until(joining.catch((thrown: unknown) => thrown));
  expect(error).toMatchObject({ code: "development-refused", shield: { accepted: false, development: true } });
  expect((error as ClientError).shield?.verified?.root.fingerprint).toMatch(/^[0-9a-f]{64}$/);
});

test("a development machine whose fingerprint was typed is accepted anywhere", async () => {
  const place = new Place(tally);
  const typed = { ...policy, development: { fingerprints: [verifiedFrom(other).root.fingerprint] } };
  const options = await place.options(place.newRoom(), place.carrier(), 1, { policy: typed });
  const room = await place.time.until(joinIn(place.environment(), "https://play.example.org", options));
  expect(room.shield).toMatchObject({ accepted: true, development: true });
});

test("a worker of another world cannot finish the handshake", async () => {
  const place = new Place(tally, { world: other });
  const carrier = place.carrier();
  await expect(place.join(place.newRoom(), 1, carrier)).rejects.toMatchObject({ code: "handshake-failed" });
  expect(carrier.sent).toHaveLength(1);
});

test("a gateway that connects to another room than the one asked for is noticed", async () => {
  const place = new Place(tally);
  const asked = place.newRoom();
  const given = place.newRoom();
  const carrier = place.carrier();
  const swapped = { open: (_: RoomId, ...rest: [never, never]) => carrier.open(given, ...rest) };
  await expect(place.join(asked, 1, swapped)).rejects.toMatchObject({ code: "handshake-failed" });
  expect(carrier.sent).toHaveLength(1);
});

test("a page of another contract is refused", async () => {
  const place = new Place(tally);
  const joining = place.join(place.newRoom(), 1, place.carrier(), { contract: other });
  await expect(joining).rejects.toMatchObject({ code: "wrong-contract" });
});

test("a welcome that was changed anywhere is refused", async () => {
  const place = new Place(tally);
  const id = place.newRoom();
  let length = 400;
  for (let at = 1; at < length; at += 13) {
    const carrier = place.carrier();
    carrier.toClient = (envelope) => {
      length = envelope.length;
      envelope[at]! ^= 1 << (at % 8);
      return [envelope];
    };
    await expect(place.join(id, 1, carrier)).rejects.toMatchObject({ code: "handshake-failed" });
    expect(carrier.sent).toHaveLength(1);
  }
});

test("a gateway that never connects is unreachable after a while", async () => {
  const place = new Place(tally);
  const carrier = place.carrier();
  carrier.hangs = true;
  await expect(place.join(place.newRoom(), 1, carrier)).rejects.toMatchObject({
    code: "unreachable",
    source: "client",
  });
  expect(place.time.now()).toBeGreaterThanOrEqual(10_000);
  expect(place.timers).toBe(0);
});

test.for([1, 2, 3, 4])("a gateway that withholds from the worker's envelope %i on is noticed", async (from) => {
  const place = new Place(tally);
  const carrier = place.carrier();
  let passed = 0;
  carrier.toClient = (envelope) => ((passed += 1) < from ? [envelope] : []);
  const joining = place.join(place.newRoom(), 1, carrier);
  if (from <= 3) await expect(joining).rejects.toMatchObject({ code: "handshake-timeout" });
  else expect((await joining).connection).toBe("joined");
});

test.for(["before", "connecting", "shaking", "verifying", "admitting"])(
  "a join that is given up while %s ends with the caller's reason and leaves nothing behind",
  async (moment) => {
    const place = new Place(tally);
    const carrier = place.carrier();
    const giveUp = new AbortController();
    const reason = new Error("not today");
    const environment = {
      verify: async (evidence: Uint8Array) => {
        if (moment === "verifying") giveUp.abort(reason);
        return verifiedFrom(evidence);
      },
    };
    if (moment === "before") giveUp.abort(reason);
    if (moment === "connecting") carrier.hangs = true;
    if (moment === "shaking") carrier.toWorker = () => [];
    if (moment === "admitting") carrier.toWorker = (envelope) => (envelope[0] === 0x03 ? [] : [envelope]);
    const joining = place.join(place.newRoom(), 1, carrier, { signal: giveUp.signal }, environment);
    const outcome = joining.catch((thrown: unknown) => thrown);
    await place.time.pass(50);
    giveUp.abort(reason);
    await place.time.pass(50);
    expect(await outcome).toBe(reason);
    expect(carrier.sockets).toBe(0);
    expect(place.timers).toBe(0);
    if (moment === "verifying") expect(carrier.sent).toHaveLength(1);
  },
);

test("giving up after having joined changes nothing", async () => {
  const place = new Place(tally);
  const giveUp = new AbortController();
  const room = await place.join(place.newRoom(), 1, place.carrier(), { signal: giveUp.signal });
  giveUp.abort();
  await place.time.pass(1000);
  expect(room.connection).toBe("joined");
});

test.for<[string, Partial<JoinOptions>]>([
  ["a name that is too long", { name: "x".repeat(25) }],
  ["a name with characters that cannot be seen", { name: "a\u202eb" }],
  ["an invitation that is too short", { invite: new Uint8Array(15) }],
])("%s is refused before anybody is called", async ([, change]) => {
  const place = new Place(tally);
  const carrier = place.carrier();
  await expect(place.join(place.newRoom(), 1, carrier, change)).rejects.toMatchObject({ code: "malformed" });
  expect(carrier.opened).toBe(0);
});

test("a locked room lets in who has the invitation, and its gateway never sees it", async () => {
  const place = new Place(tally);
  const id = place.newRoom();
  const invite = new Uint8Array(16).fill(0xc5);
  const mine = place.carrier();
  const room = await place.join(id, 1, mine, { invite, lock: true });
  expect(room.locked).toBe(true);
  await expect(place.join(id, 2)).rejects.toMatchObject({ code: "invite-required", source: "room" });
  expect((await place.join(id, 2, place.carrier(), { invite })).seat).toBe(1);
  for (const secret of [invite, Buffer.from("Player number 1")]) {
    expect(Buffer.concat(mine.sent).includes(Buffer.from(secret))).toBe(false);
  }
});
