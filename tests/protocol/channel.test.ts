/** The channel: what was said arrives, in order and once, or the channel is dead and says so. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Channel, prologueOf } from "#protocol/channel.ts";
import type { RoomId } from "#protocol/identity.ts";
import { frameBuckets, messageLengthMax, rekeyInterval, tagLength } from "#protocol/limits.ts";
import type { Suite } from "#protocol/suite.ts";
import { channelsOf, secretsOf, type Pair } from "./support/channels.ts";
import { mutation, refusalOf } from "./support/refusal.ts";
import { suites, type NamedSuite } from "./support/suites.ts";

const [sodium] = suites;
const none = new Uint8Array(0);
const body = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const one = (channel: Channel, text: string): Uint8Array => channel.encrypt(2, body(text))[0]!;

describe.for(suites)("on $name", (suite) => {
  test("messages arrive as they were said, both ways", async () => {
    const message = fc.record({
      toRoom: fc.boolean(),
      type: fc.integer({ min: 1, max: 127 }),
      length: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 200_000 })),
      floor: fc.constantFrom(0, 64, 1024),
    });
    const { player, room } = await channelsOf(1, suite);
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), (messages) => {
        for (const { toRoom, type, length, floor } of messages) {
          const [sender, receiver] = toRoom ? [player, room] : [room, player];
          const said = Uint8Array.from({ length }, (_, i) => i * 7);
          const frames = sender.encrypt(type, said, floor);
          const heard = frames.map((frame) => receiver.decrypt(frame));
          expect(heard.slice(0, -1).every((part) => part === undefined)).toBe(true);
          expect(heard.at(-1)!.type).toBe(type);
          expect(Buffer.compare(heard.at(-1)!.body, said)).toBe(0);
        }
      }),
      { numRuns: 20 },
    );
  });
});

test("whoever sends thousands gets the same ciphertexts, each behind its place for an envelope", async () => {
  const [{ player: first }, { player: second }] = [await channelsOf(1, sodium!), await channelsOf(1, sodium!)];
  for (const [length, floor] of [
    [0, 0],
    [500, 0],
    [100, 1024],
    // What was written before is longer: none of it is left.
    [10, 0],
    [200_000, 0],
  ] as const) {
    const said = Uint8Array.from({ length }, (_, i) => i * 7);
    const taken: Uint8Array[] = [];
    first.encryptTo({ take: (sealed) => taken.push(sealed.slice(3)) }, 2, said, floor, 3);
    expect(taken.map(hex)).toEqual(second.encrypt(2, said, floor).map(hex));
  }
});

test("a channel that is closed while its message leaves says no more of it", async () => {
  const { room } = await channelsOf(2, sodium!);
  let taken = 0;
  const taker = {
    take() {
      taken += 1;
      room.close();
    },
  };
  room.encryptTo(taker, 2, new Uint8Array(200_000), 0, 1);
  expect(taken).toBe(1);
  expect(refusalOf(() => room.encryptTo(taker, 2, none, 0, 1))).toBe("channel-broken");
});

/** One use of the AEAD: with which key, and as which message of it. */
interface Use {
  readonly key: string;
  readonly n: bigint;
}

/** An AEAD that encrypts nothing and writes down every use, so that 2¹⁴ frames take no time. */
function recordingSuite(uses: Use[]): NamedSuite {
  const record = (key: Uint8Array, nonce: Uint8Array): void => {
    const n = new DataView(nonce.buffer, nonce.byteOffset).getBigUint64(4, true);
    uses.push({ key: Buffer.from(key).toString("hex"), n });
  };
  const suite: Suite = {
    ...sodium!.suite,
    encrypt: (key, nonce, _ad, plaintext, out = new Uint8Array(plaintext.length + tagLength)) => {
      record(key, nonce);
      // A key made by this must differ from the one before.
      out.set(plaintext.map((byte, i) => byte ^ key[i % 32]! ^ 0x5a));
      return out;
    },
    decrypt: (key, nonce, _ad, ciphertext) => {
      record(key, nonce);
      return ciphertext.subarray(0, -tagLength).map((byte, i) => byte ^ key[i % 32]! ^ 0x5a);
    },
  };
  return { ...sodium!, suite };
}

test("keys change between frame 2¹⁴ and the next, in each direction by itself", async () => {
  const uses: Use[] = [];
  const { player, room } = await channelsOf(2, recordingSuite(uses));
  const rekeyNonce = 2n ** 64n - 1n;

  const directions: [Channel, Channel][] = [
    [player, room],
    [room, player],
  ];
  for (const [sender, receiver] of directions) {
    uses.length = 0;
    const frames = Array.from({ length: rekeyInterval + 1 }, () => one(sender, "x"));
    const oldKey = uses[0]!.key;
    const expected = Array.from({ length: rekeyInterval }, (_, i) => ({ key: oldKey, n: BigInt(i) }));
    const newKey = uses.at(-1)!.key;
    expect(newKey).not.toBe(oldKey);
    const all = [...expected, { key: oldKey, n: rekeyNonce }, { key: newKey, n: BigInt(rekeyInterval) }];
    expect(uses).toEqual(all);
    // The receiver goes through the same keys at the same places.
    uses.length = 0;
    for (const frame of frames) expect(receiver.decrypt(frame)!.body).toEqual(body("x"));
    expect(uses).toEqual(all);
  }
});

test("a conversation goes on through three changes of keys", async () => {
  const { player, room } = await channelsOf(3, sodium!);
  for (let i = 0; i < 3 * rekeyInterval + 2; i++) {
    const heard = room.decrypt(player.encrypt(2, body(`${i}`))[0]!);
    if (i % 1000 === 0) expect(heard!.body).toEqual(body(`${i}`));
  }
  expect(player.decrypt(one(room, "still here"))!.body).toEqual(body("still here"));
});

/** Each gets a fresh pair and a neighbour's pair, and returns what reaches the room instead of the next honest frame. */
const attacks: readonly [string, (pair: Pair<Channel>, neighbours: Pair<Channel>) => Uint8Array][] = [
  [
    "replayed",
    ({ player, room }) => {
      const frame = one(player, "again");
      room.decrypt(frame);
      return frame;
    },
  ],
  [
    "dropped",
    ({ player }) => {
      one(player, "lost");
      return one(player, "next");
    },
  ],
  [
    "reordered",
    ({ player }) => {
      const [, second] = [one(player, "first"), one(player, "second")];
      return second;
    },
  ],
  ["reflected", ({ room }) => one(room, "my own words")],
  ["of another channel", (_, neighbours) => one(neighbours.player, "theirs")],
  ["of another channel's other direction", (_, neighbours) => one(neighbours.room, "theirs")],
  ["truncated", ({ player }) => one(player, "cut").subarray(0, -1)],
  ["cut to less than a tag", ({ player }) => one(player, "cut").subarray(0, tagLength - 1)],
  ["empty", () => none],
  ["extended", ({ player }) => Uint8Array.of(...one(player, "longer"), 0)],
  ["made up", () => new Uint8Array(64 + tagLength)],
  ["longer than any", () => new Uint8Array(70_000)],
];

describe.for(suites)("on $name", (suite) => {
  test.for(attacks)("a frame that is %s ends the channel", async ([, attack]) => {
    const [pair, neighbours] = [await channelsOf(4, suite), await channelsOf(5, suite)];
    const { player, room } = pair;
    expect(room.decrypt(one(player, "an honest frame"))!.body).toEqual(body("an honest frame"));
    const frame = attack(pair, neighbours);
    expect(refusalOf(() => room.decrypt(frame))).toBe("channel-broken");
    expect(room.closed).toBe(true);
    expect(refusalOf(() => room.decrypt(one(player, "too late")))).toBe("channel-broken");
    expect(refusalOf(() => room.encrypt(2, none))).toBe("channel-broken");
  });
});

test("a frame that was changed anywhere ends the channel", async () => {
  await fc.assert(
    fc.asyncProperty(mutation, fc.nat({ max: 500 }), async (change, length) => {
      const { player, room } = await channelsOf(6, sodium!);
      const [frame] = player.encrypt(2, new Uint8Array(length));
      expect(refusalOf(() => room.decrypt(change(frame!)))).toBe("channel-broken");
      expect(room.closed).toBe(true);
    }),
  );
});

test("a frame in the middle of a message is missed", async () => {
  const { player, room } = await channelsOf(7, sodium!);
  const frames = player.encrypt(2, new Uint8Array(200_000));
  expect(frames.length).toBeGreaterThan(3);
  expect(room.decrypt(frames[0]!)).toBeUndefined();
  expect(refusalOf(() => room.decrypt(frames[2]!))).toBe("channel-broken");
});

test("frames carry whole buckets, whatever was said", async () => {
  const { player } = await channelsOf(8, sodium!);
  const sizes = new Set(frameBuckets.map((bucket) => bucket + tagLength));
  fc.assert(
    fc.property(fc.nat({ max: 100_000 }), fc.constantFrom(0, 64, 2048), (length, floor) => {
      for (const frame of player.encrypt(2, new Uint8Array(length), floor)) {
        expect(sizes.has(frame.length)).toBe(true);
        if (floor > 0) expect(frame.length).toBe(floor + tagLength);
      }
    }),
  );
});

test("who holds the key and breaks the framing is told so, and the channel ends", async () => {
  const { room } = await channelsOf(9, sodium!);
  const { player } = await secretsOf(9, sodium!);
  const lying = new Uint8Array(64);
  lying.set([2, 0xff, 0xff]);
  expect(refusalOf(() => room.decrypt(player.send.encryptWithAd(none, lying)))).toBe("malformed");
  expect(room.closed).toBe(true);
});

test("a message beyond the receiver's limit ends the channel before it is put together", async () => {
  const secrets = await secretsOf(10, sodium!);
  const player = new Channel(secrets.player, { messageMax: messageLengthMax });
  const room = new Channel(secrets.room, { messageMax: 2000 });
  const frames = player.encrypt(2, new Uint8Array(2001), 1024);
  expect(room.decrypt(frames[0]!)).toBeUndefined();
  expect(refusalOf(() => room.decrypt(frames[1]!))).toBe("too-long");
  expect(room.closed).toBe(true);
});

test("saying too much is refused before anything is encrypted, and the channel goes on", async () => {
  const { player, room } = await channelsOf(11, sodium!);
  expect(refusalOf(() => player.encrypt(2, new Uint8Array(messageLengthMax + 1)))).toBe("too-long");
  expect(room.decrypt(one(player, "still here"))!.body).toEqual(body("still here"));
});

test("a closed channel says and hears nothing, and leaves only the next one's secret", async () => {
  const { player, room } = await channelsOf(12, sodium!);
  const frame = one(player, "unheard");
  const before = { id: room.resumption.id.slice(), psk: room.resumption.psk.slice() };
  room.close();
  room.close();
  expect(room.closed).toBe(true);
  expect(refusalOf(() => room.decrypt(frame))).toBe("channel-broken");
  expect(refusalOf(() => room.encrypt(2, none))).toBe("channel-broken");
  expect(room.resumption).toEqual(before);
});

test("keys of a closed channel are overwritten", async () => {
  const { player } = await secretsOf(13, sodium!);
  new Channel(player, { messageMax: 100 }).close();
  expect(() => player.send.encryptWithAd(none, none)).toThrow();
  expect(() => player.receive.decryptWithAd(none, new Uint8Array(16))).toThrow();
});

test("both ends have the same hash and the same secret for a resumption", async () => {
  const [first, second] = [await channelsOf(14, sodium!), await channelsOf(15, sodium!)];
  expect(first.player.hash).toEqual(first.room.hash);
  expect(first.player.resumption).toEqual(first.room.resumption);
  expect(first.player.hash).not.toEqual(second.player.hash);
  expect(first.player.resumption.psk).not.toEqual(second.player.resumption.psk);
  expect([first.player.hash.length, first.player.resumption.id.length, first.player.resumption.psk.length]).toEqual([
    32, 16, 32,
  ]);
});

test("no two places have the same prologue", () => {
  const world = new Uint8Array(32);
  const [one, two] = ["00000000000000000000", "00000000000000000001"] as [RoomId, RoomId];
  const other = new Uint8Array(32).fill(1);
  const all = [prologueOf(world, one), prologueOf(world, two), prologueOf(other, one), prologueOf(other, two)];
  expect(new Set(all.map(String)).size).toBe(4);
});
