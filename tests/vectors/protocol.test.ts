/** Every byte format is what it was when it was settled; a change needs a new protocol version and new vectors. */
import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { suites } from "../protocol/support/suites.ts";
import { channelCases } from "./channel-cases.ts";
import { differences } from "./golden.ts";
import { protocolCases } from "./protocol-cases.ts";
import golden from "./protocol.json" with { type: "json" };

test("every format has the bytes of the golden vectors", () => {
  expect(differences(protocolCases(), golden.protocol)).toEqual([]);
});

test.for(suites)("a conversation on $name has the bytes of the golden vectors", async ({ suite, importKeyPair }) => {
  expect(differences(await channelCases(suite, importKeyPair), golden.channel)).toEqual([]);
});

test("a changed, a missing and a new vector are noticed", () => {
  const [first, second, ...rest] = golden.protocol;
  const changed = [{ ...first!, bytes: `${first!.bytes}00` }, ...rest, { ...second!, name: "made up" }];
  expect(differences(protocolCases(), changed)).toHaveLength(3);
});

/** The formulas of `binding.ts`, `identity.ts` and `manifest.ts`, written down once more with other tools. */
const lp = (...fields: readonly (Buffer | string)[]): Buffer =>
  Buffer.concat(
    fields.flatMap((field) => {
      const bytes = Buffer.from(field);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
const bytes = (first: number, length = 32): Buffer => Buffer.from(Array.from({ length }, (_, i) => first + i));
const number = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);
const hash = (name: string, ...parts: readonly Buffer[]): string =>
  createHash(name).update(Buffer.concat(parts)).digest("hex");
const vector = (name: string): string => golden.protocol.find((one) => one.name === name)!.bytes;

test("the formulas give the golden hashes", () => {
  const room = "00112233445566778899";
  const leafOf = (ephemeral: Buffer): string =>
    hash(
      "sha256",
      Buffer.of(0),
      lp(
        "phatroom/1/leaf",
        ephemeral,
        bytes(0x10),
        bytes(0x30),
        bytes(0x50),
        room,
        number(7),
        bytes(0x70),
        bytes(0x90),
        bytes(0xb0),
      ),
    );
  const [a, b, c] = [1, 2, 3].map((i) => Buffer.from(leafOf(bytes(i)), "hex"));
  expect(vector("leaf")).toBe(a!.toString("hex"));
  const inner = Buffer.from(hash("sha256", Buffer.of(1), a!, b!), "hex");
  const root = hash("sha256", Buffer.of(1), inner, c!);
  expect(vector("root of three leaves")).toBe(root);
  expect(vector("report data")).toBe(
    hash("sha512", lp("phatroom/1/report-data", bytes(9), number(2), Buffer.from(root, "hex"))),
  );

  expect(vector("auth statement")).toBe(lp("phatroom/1/auth", bytes(5), bytes(6), room, bytes(7)).toString("hex"));
  const player = createHmac("sha256", bytes(3))
    .update(lp("phatroom/1/player", bytes(4)))
    .digest("hex");
  expect(vector("player id")).toBe(player.slice(0, 32));

  const manifest = Buffer.from(vector("manifest"), "hex");
  expect(JSON.parse(manifest.toString())).toEqual(golden.protocol.find((one) => one.name === "manifest")!.input);
  const contract = hash("sha256", lp("phatroom/1/contract", "engine 1", manifest, bytes(0, 100)));
  expect(vector("contract hash")).toBe(contract);
  expect(vector("world id")).toBe(hash("sha256", lp("phatroom/1/world", '{"name":"local","development":true}')));
  const first = Buffer.from(contract, "hex");
  expect(vector("lineage, frozen")).toBe(
    hash("sha256", lp("phatroom/1/lineage", bytes(6), first, number(0), number(0), number(0))),
  );
  expect(vector("lineage with upgrade keys")).toBe(
    hash(
      "sha256",
      lp("phatroom/1/lineage", bytes(6), first, number(2), bytes(1), bytes(2), number(2), number(86_400_000)),
    ),
  );
});
