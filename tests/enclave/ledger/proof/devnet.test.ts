/**
 * A real runtime's blocks, states and finality, verified. Beside it, @polkadot/api reads the same bytes. Specifications of
 * 2024 are used too if `PHATROOM_VECTORS` names the folder that has them.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { developmentAuthorities } from "#chain/devnet/finality/authorities.ts";
import { fromHex, keyOf, toHex } from "#chain/devnet/hex.ts";
import { startDevnet, type Devnet, type DevnetOptions } from "#chain/devnet/start.ts";
import { readProof } from "#chain/devnet/trie/proof.ts";
import { readAuthorities } from "#enclave/ledger/proof/authorities.ts";
import { verifyBody } from "#enclave/ledger/proof/body.ts";
import { advance, type Finalized } from "#enclave/ledger/proof/finality.ts";
import { decodeHeader } from "#enclave/ledger/proof/header.ts";
import { decodeJustification } from "#enclave/ledger/proof/justification.ts";
import { ScaleReader } from "#enclave/ledger/proof/scale.ts";
import { accountKey, eventsKey, runtimeKey, timeKey } from "#enclave/ledger/proof/storage-keys.ts";
import { verifyStorage } from "#enclave/ledger/proof/storage.ts";
import { decodeTime } from "#enclave/ledger/proof/time.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { clock, post, startWithClient } from "../../../chain/devnet/support/client.ts";
import { devnetFinalized } from "../support/devnet-source.ts";

async function running(options: DevnetOptions = {}): Promise<Devnet & AsyncDisposable> {
  const net = await startDevnet({ clock, sealing: "manual", finality: "manual", ...options });
  return Object.assign(net, { [Symbol.asyncDispose]: () => net.close() });
}

const call = async (net: Devnet, method: string, ...params: unknown[]): Promise<unknown> => {
  const answer = (await post(net.url, { jsonrpc: "2.0", id: 1, method, params })) as { result: unknown };
  return answer.result;
};

/** Headers from the one after a block up to another, and that it is final. */
function stepOf({ chain }: Devnet, from: number, to: number) {
  const headers = Array.from({ length: to - from }, (_, i) => chain.find(chain.hashAt(from + 1 + i)!)!.header);
  return { headers, justification: chain.justification({ hash: chain.hashAt(to)!, number: to }) };
}

const vectors = join(process.env["PHATROOM_VECTORS"] ?? "$PHATROOM_VECTORS", "chain");
const specs = ["asset-hub-kusama-local-2024.json.gz", "kusama-local-2024.json.gz"].map((file) => join(vectors, file));

for (const spec of [undefined, ...specs]) {
  test.skipIf(spec !== undefined && !existsSync(spec))(
    `${spec ?? "the default chain"}: its blocks, its states and its finality are proven`,
    { timeout: 60_000 },
    async () => {
      await using net = await running({ spec });
      const { chain } = net;
      for (let i = 0; i < 4; i++) chain.newBlock();
      chain.finalize(chain.best.hash);
      const { finalized, headers } = advance(devnetFinalized(chain), stepOf(net, 0, 4));
      expect(`0x${finalized.block.hash}`).toBe(chain.finalized.hash);
      for (const header of headers) {
        const block = chain.block(`0x${header.hash}`);
        verifyBody(header, chain.body(block.hash));
        const keys = [timeKey, eventsKey, runtimeKey, accountKey(new Uint8Array(32).fill(9))];
        const proof = readProof(block.state, keys.map(keyOf));
        const [time, events, runtime, nobody] = verifyStorage(header.stateRoot, proof, keys);
        expect(decodeTime(time)).toBeGreaterThanOrEqual(clock());
        expect(events).toEqual(block.state.get(keyOf(eventsKey)));
        expect(runtime).toBeDefined();
        expect(nobody).toBeUndefined();
      }
    },
  );
}

describe("authorities of the development chain", () => {
  test("hand over, and proofs lead over the change", async () => {
    await using net = await running();
    const { chain } = net;
    let finalized: Finalized = devnetFinalized(chain);
    for (let setId = 0; setId < 3; setId++) {
      const from = chain.best.number;
      chain.newBlock();
      chain.newBlock({ authoritiesAfter: 2 });
      expect(() => chain.newBlock({ authoritiesAfter: 0 })).toThrow(
        expect.objectContaining({ code: "authorities-coming" }),
      );
      for (let i = 0; i < 2; i++) chain.newBlock();
      const end = chain.best.number;
      for (let i = 0; i < 3; i++) chain.newBlock();
      chain.finalize(chain.best.hash);
      expect(() => advance(finalized, stepOf(net, from, chain.best.number))).toThrow(
        expect.objectContaining({ code: "authorities-skipped" }),
      );
      ({ finalized } = advance(finalized, stepOf(net, from, end)));
      expect(finalized.handover?.set.id).toBe(BigInt(setId + 1));
      ({ finalized } = advance(finalized, stepOf(net, end, chain.best.number)));
    }
    const keys = developmentAuthorities(3).map(({ key }) => bytesToHex(key));
    expect(finalized.handover?.set.authorities.map(({ key }) => key)).toEqual(keys);
  });

  test("are those that a fork announces only if it becomes final", async () => {
    await using net = await running();
    const { chain } = net;
    const fork = chain.newBlock({ authoritiesAfter: 0, best: false });
    chain.newBlock();
    chain.finalize(chain.best.hash);
    expect(advance(devnetFinalized(chain), stepOf(net, 0, 1)).finalized.handover?.set.id).toBe(0n);
    expect(decodeHeader(fork.header).digest.some(({ kind }) => kind === "consensus")).toBe(true);
  });

  test("are remembered by a chain that starts again", async () => {
    const { mkdtempSync, rmSync } = await import("node:fs");
    const { tmpdir } = await import("node:os");
    const folder = mkdtempSync(join(tmpdir(), "phatroom-finality-"));
    const options = { database: join(folder, "chain.sqlite") };
    try {
      const before = await running(options);
      before.chain.newBlock({ authoritiesAfter: 0 });
      before.chain.newBlock();
      before.chain.finalize(before.chain.best.hash);
      const steps = [stepOf(before, 0, 1), stepOf(before, 1, 2)];
      await before.close();
      await using after = await running(options);
      expect([stepOf(after, 0, 1), stepOf(after, 1, 2)]).toEqual(steps);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

interface ApiHeader {
  readonly hash: { toHex(): string };
  readonly number: { toNumber(): number };
  readonly extrinsicsRoot: { toHex(): string };
  readonly digest: { readonly logs: readonly { readonly type: string }[] };
}

describe("@polkadot/api", () => {
  const byHand = { sealing: "manual", finality: "manual" } as const;

  test("asks for proofs of finality as it asks any node", async () => {
    await using client = await startWithClient(byHand);
    const { net, api } = client;
    const { chain } = net;
    chain.newBlock();
    await call(net, "dev_newBlock", { authoritiesAfter: 1 });
    for (let i = 0; i < 3; i++) chain.newBlock();
    chain.finalize(chain.best.hash);
    const proofOf = async (number: number) => {
      const encoded = (await api.rpc.grandpa.proveFinality(number)) as unknown as {
        unwrap(): { toU8a(bare: true): Uint8Array };
      };
      // `FinalityProof`: a block, its justification, headers that lead to it.
      const proof: unknown = api.createType("(Hash, Bytes, Vec<Header>)", encoded.unwrap().toU8a(true));
      return proof as readonly [{ toHex(): string }, { toU8a(bare: true): Uint8Array }, readonly unknown[]];
    };
    const [hash, justification, unknown] = await proofOf(1);
    expect(hash.toHex()).toBe(chain.hashAt(3));
    expect(unknown).toHaveLength(2);
    expect(toHex(justification.toU8a(true))).toBe(toHex(chain.justification({ hash: chain.hashAt(3)!, number: 3 })));
    expect((await proofOf(4))[0].toHex()).toBe(chain.hashAt(5));
    const { justifications } = await api.rpc.chain.getBlock(chain.hashAt(3));
    const [engine, kept] = justifications.unwrap()[0]!;
    expect(String.fromCharCode(...engine.toU8a())).toBe("FRNK");
    expect(toHex(kept.toU8a(true))).toBe(toHex(justification.toU8a(true)));
    expect((await api.rpc.chain.getBlock(chain.hashAt(4))).justifications.isNone).toBe(true);
  });

  test("reads headers, justifications and hashes as they are read here", async () => {
    await using client = await startWithClient(byHand);
    const { api, net } = client;
    const { chain } = net;
    chain.newBlock({ authoritiesAfter: 0 });
    chain.newBlock();
    chain.finalize(chain.best.hash);
    for (const number of [0, 1, 2]) {
      const { header } = chain.find(chain.hashAt(number)!)!;
      const theirs = api.createType("Header", header) as unknown as ApiHeader;
      const ours = decodeHeader(header);
      expect(theirs.hash.toHex()).toBe(`0x${ours.hash}`);
      expect(theirs.digest.logs.map(({ type }) => type.toLowerCase())).toEqual(
        ours.digest.map(({ kind }) => kind.replace("-", "")),
      );
      expect(theirs.extrinsicsRoot.toHex()).toBe(toHex(ours.extrinsicsRoot));
    }
    const bytes = chain.justification(chain.finalized);
    const theirs = api.createType("GrandpaJustification", bytes).toJSON() as unknown as {
      round: number;
      commit: { targetHash: string; precommits: { id: string; precommit: { targetNumber: number } }[] };
    };
    const ours = decodeJustification(bytes);
    expect(BigInt(theirs.round)).toBe(ours.round);
    expect(theirs.commit.targetHash).toBe(`0x${ours.hash}`);
    expect(theirs.commit.precommits.map(({ precommit }) => precommit.targetNumber)).toEqual(
      ours.votes.map(({ number }) => number),
    );
  });

  test("reads headers and authorities of real chains as they are read here", async () => {
    await using client = await startWithClient(byHand);
    const { api } = client;
    const specifications = await Promise.all([
      import("@substrate/connect-known-chains/polkadot"),
      import("@substrate/connect-known-chains/ksmcc3"),
      import("@substrate/connect-known-chains/westend2"),
    ]);
    const counts = specifications.map(({ chainSpec }) => {
      const { lightSyncState } = JSON.parse(chainSpec) as { lightSyncState: Record<string, string> };
      const bytes = fromHex(lightSyncState["finalizedBlockHeader"])!;
      const header = decodeHeader(bytes);
      const theirs = api.createType("Header", bytes) as unknown as ApiHeader;
      expect(theirs.hash.toHex()).toBe(`0x${header.hash}`);
      expect(theirs.number.toNumber()).toBe(header.number);
      expect(header.digest.map(({ kind }) => kind)).toContain("seal");
      const reader = new ScaleReader(fromHex(lightSyncState["grandpaAuthoritySet"])!, "authorities-malformed");
      const authorities = readAuthorities(reader);
      // The set's id comes behind.
      expect(reader.u64()).toBeGreaterThan(0n);
      return authorities.length;
    });
    // As version 1.10.3 of the package has them.
    expect(counts).toEqual([600, 1000, 19]);
  });
});
