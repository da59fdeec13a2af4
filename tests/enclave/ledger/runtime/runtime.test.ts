/** Extrinsics and events of a real runtime are read as @polkadot/api reads them; a description that was altered is not. */
import type { KeyringPair } from "@polkadot/keyring/types";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { keyOf } from "#chain/devnet/hex.ts";
import { eventsKey } from "#enclave/ledger/proof/storage-keys.ts";
import { decodeEvents, decodeExtrinsic } from "#enclave/ledger/runtime/extrinsics.ts";
import { callIndex, decodeMetadata, hasEvent } from "#enclave/ledger/runtime/metadata.ts";
import { camelCase } from "#enclave/ledger/runtime/value.ts";
import { bytesToHex, concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import type { Call } from "#rmrk/extrinsic/call.ts";
import { SeededNumbers } from "../../../deep/deep.ts";
import { account, startWithClient, type Client, type Transaction } from "../../../chain/devnet/support/client.ts";
import { metadataOf } from "../support/devnet-source.ts";

const vectors = join(process.env["PHATROOM_VECTORS"] ?? "$PHATROOM_VECTORS", "chain");
const specs = [undefined, "asset-hub-kusama-local-2024.json.gz", "kusama-local-2024.json.gz"].map((file) =>
  file === undefined ? undefined : join(vectors, file),
);

/** One of everything that the consolidator looks into, within one another. */
function everything({ api }: Client, alice: KeyringPair, bob: KeyringPair): Transaction {
  const { tx } = api;
  const remark = (text: string) => tx["system"]!["remark"]!(text);
  const transfer = (tx["balances"]!["transferKeepAlive"] ?? tx["balances"]!["transfer"])!(bob.address, 5);
  const weight = { refTime: 1_000_000_000, proofSize: 10_000 };
  const multi = tx["multisig"]!["asMulti"]!;
  const args =
    multi.meta.args.length === 6
      ? [2, [bob.address], null, remark("five").method.toHex(), false, 1_000_000_000]
      : [2, [bob.address], null, remark("five"), weight];
  const batch = tx["utility"]!["forceBatch"] ?? tx["utility"]!["batch"]!;
  return batch([
    remark("one"),
    tx["utility"]!["batchAll"]!([remark("two"), transfer, tx["system"]!["remarkWithEvent"]!("three")]),
    multi(...args),
    // Nobody is Alice's proxy.
    tx["proxy"]!["proxy"]!(alice.address, null, remark("four")),
  ]);
}

for (const spec of specs) {
  test.skipIf(spec !== undefined && !existsSync(spec))(
    `${spec ?? "the default chain"}: calls within calls, and what became of them`,
    { timeout: 60_000 },
    async () => {
      await using client = await startWithClient({ sealing: "manual", spec });
      const { api, net } = client;
      const [alice, bob] = await Promise.all([account("Alice"), account("Bob")]);
      const signed = await everything(client, alice, bob).signAsync(alice, { era: 64 });
      net.chain.submit(signed.toU8a());
      const block = net.chain.newBlock();
      const body = net.chain.body(block.hash);
      const metadata = decodeMetadata(metadataOf(net.chain));
      const read = body.map((bytes) => decodeExtrinsic(metadata, bytes));
      expect(read.slice(0, -1).every(({ signer }) => signer === undefined)).toBe(true);
      const { signer, call } = read.at(-1)!;
      const forced = api.tx["utility"]!["forceBatch"] !== undefined;
      expect(signer).toBe(bytesToHex(alice.publicKey));
      expect(outline(call)).toEqual([
        `utility.${forced ? "forceBatch" : "batch"}`,
        ["system.remark one"],
        [
          "utility.batchAll",
          ["system.remark two"],
          [
            `balances.${api.tx["balances"]!["transferKeepAlive"] ? "transferKeepAlive" : "transfer"} ${bytesToHex(bob.publicKey)} 5`,
          ],
          ["system.remarkWithEvent three"],
        ],
        ["multisig.asMulti", ["system.remark five"]],
        ["proxy.proxy", ["system.remark four"]],
      ]);
      const events = decodeEvents(metadata, block.state.get(keyOf(eventsKey)));
      const theirs = (await (
        await api.at(block.hash)
      ).query["system"]!["events"]!()) as unknown as Iterable<{
        readonly phase: { readonly isApplyExtrinsic: boolean; readonly asApplyExtrinsic: { toNumber(): number } };
        readonly event: { readonly section: string; readonly method: string };
      }>;
      const names = Array.from(theirs)
        .filter(({ phase }) => phase.isApplyExtrinsic)
        .map(({ phase, event }) => `${phase.asApplyExtrinsic.toNumber()} ${event.section}.${event.method}`);
      const ours = Array.from(events).flatMap(([index, list]) =>
        list.map(({ section, method }) => `${index} ${section}.${method}`),
      );
      expect(ours.sort()).toEqual(names.sort());
      expect(ours).toContain(`${body.length - 1} utility.${forced ? "BatchCompletedWithErrors" : "BatchInterrupted"}`);
      expect(hasEvent(metadata, "Utility", "ItemCompleted")).toBe(true);
      expect(callIndex(metadata, "Utility", "batch_all")).toEqual(api.tx["utility"]!["batchAll"]!.callIndex);
    },
  );
}

/** A call with what matters of it, and the calls in it. */
function outline({ section, method, args }: Call): unknown[] {
  const { remark, dest, value, call, calls } = args;
  const said = remark instanceof Uint8Array ? ` ${Buffer.from(remark).toString()}` : "";
  const paid = typeof dest === "string" ? ` ${dest} ${String(value)}` : "";
  const inner = [...(Array.isArray(calls) ? (calls as Call[]) : []), ...(call === undefined ? [] : [call as Call])];
  return [`${section}.${method}${said}${paid}`, ...inner.map(outline)];
}

describe("what is altered", () => {
  test("in a description, an extrinsic or in events is refused with a code, or read as something", async () => {
    await using client = await startWithClient({ sealing: "manual" });
    const { net } = client;
    const [alice, bob] = await Promise.all([account("Alice"), account("Bob")]);
    net.chain.submit((await everything(client, alice, bob).signAsync(alice)).toU8a());
    const block = net.chain.newBlock();
    const description = metadataOf(net.chain);
    const metadata = decodeMetadata(description);
    const numbers = new SeededNumbers(7);
    const codes = new Set<string>();
    const altered = (bytes: Uint8Array): Uint8Array => {
      const copy = bytes.slice(0, numbers.below(4) === 0 ? numbers.below(bytes.length) : bytes.length);
      for (let left = 1 + numbers.below(3); left > 0 && copy.length > 0; left--) {
        copy[numbers.below(Math.min(copy.length, 4000))]! ^= 1 << numbers.below(8);
      }
      return copy;
    };
    const extrinsic = net.chain.body(block.hash).at(-1)!;
    const events = block.state.get(keyOf(eventsKey))!;
    for (let run = 0; run < 400; run++) {
      for (const read of [
        () => decodeExtrinsic(metadata, altered(extrinsic)),
        () => decodeEvents(metadata, altered(events)),
        ...(run % 40 === 0 ? [() => decodeMetadata(altered(description))] : []),
      ]) {
        try {
          read();
        } catch (error) {
          expect(error).toMatchObject({ name: "ProofError" });
          codes.add((error as { code: string }).code);
        }
      }
    }
    expect([...codes].sort()).toEqual(["events-malformed", "extrinsic-malformed", "metadata-malformed"]);
  });

  test.for([
    ["nothing", new Uint8Array(), "metadata-malformed"],
    ["another format", concatBytes(utf8ToBytes("meta"), Uint8Array.of(13)), "metadata-malformed"],
    ["megabytes", new Uint8Array(9_000_000), "too-long"],
  ] as const)("%s is no description", ([, bytes, code]) => {
    expect(() => decodeMetadata(bytes)).toThrow(expect.objectContaining({ code }));
  });
});

test.for([
  ["batch_all", "batchAll"],
  ["as_multi_threshold_1", "asMultiThreshold1"],
  ["remark", "remark"],
])("%s is called %s", ([name, camel]) => {
  expect(camelCase(name!)).toBe(camel);
});
