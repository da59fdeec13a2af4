/** Other chains from specifications: what is one, and two real ones of 2024 if `PHATROOM_VECTORS` names their folder. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseSpec, readSpec } from "#chain/devnet/genesis/spec.ts";
import { fromHex, toHex } from "#chain/devnet/hex.ts";
import { startDevnet } from "#chain/devnet/start.ts";
import { account, included, startWithClient } from "./support/client.ts";
import { provenValue } from "./support/verify-proof.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "phatroom-spec-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const small = { name: "small", id: "small", genesis: { raw: { top: { "0x01": "0x02" } } } };

describe("a specification", () => {
  test("is read with its keys and values, packed or not", async () => {
    const files = [join(folder, "small.json"), join(folder, "small.json.gz")] as const;
    writeFileSync(files[0], JSON.stringify(small));
    writeFileSync(files[1], gzipSync(JSON.stringify(small)));
    for (const file of files) expect([...(await readSpec(file)).top]).toEqual([["\u0001", Uint8Array.of(2)]]);
  });

  test.for([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["without a genesis", JSON.stringify({ name: "a", id: "a" })],
    ["without a name", JSON.stringify({ ...small, name: 1 })],
    ["not raw", JSON.stringify({ ...small, genesis: { runtime: {} } })],
    ["a key that is not hexadecimal", JSON.stringify({ ...small, genesis: { raw: { top: { code: "0x" } } } })],
  ] as const)("is refused: %s", ([, text]) => {
    expect(() => parseSpec(text)).toThrow(expect.objectContaining({ code: "spec-malformed" }));
  });

  test("with child storage is refused", () => {
    const text = JSON.stringify({ ...small, genesis: { raw: { top: {}, childrenDefault: { "0x01": {} } } } });
    expect(() => parseSpec(text)).toThrow(expect.objectContaining({ code: "runtime-unsupported" }));
  });

  test.for([
    ["that is not there", undefined, "spec-missing"],
    ["that is damaged", gzipSync("{}").subarray(0, 8), "spec-malformed"],
    ["without code", JSON.stringify(small), "runtime-malformed"],
    [
      "with code that is none",
      JSON.stringify({ ...small, genesis: { raw: { top: { "0x3a636f6465": "0x0011" } } } }),
      "runtime-malformed",
    ],
    [
      "with a module that is no runtime",
      JSON.stringify({ ...small, genesis: { raw: { top: { "0x3a636f6465": "0x0061736d01000000" } } } }),
      "runtime-malformed",
    ],
  ] as const)("%s does not start", async ([, content, code]) => {
    const spec = join(folder, `${code}.json`);
    if (content !== undefined) writeFileSync(spec, content);
    await expect(startDevnet({ spec })).rejects.toMatchObject({ code });
  });
});

const vectors = join(process.env["PHATROOM_VECTORS"] ?? "$PHATROOM_VECTORS", "chain");

const chains = [
  { file: "asset-hub-kusama-local-2024.json.gz", specName: "statemine", specVersion: 1_000_000, pallet: "nfts" },
  { file: "kusama-local-2024.json.gz", specName: "kusama", specVersion: 1_000_000, pallet: "referenda" },
];

for (const { file, specName, specVersion, pallet } of chains) {
  const spec = join(vectors, file);
  test.skipIf(!existsSync(spec))(
    `${spec} runs: blocks, a batch of remarks, its own pallets`,
    { timeout: 120_000 },
    async () => {
      await using client = await startWithClient({ spec });
      const { api, net } = client;
      expect(api.runtimeVersion.specName.toString()).toBe(specName);
      expect(api.runtimeVersion.specVersion.toNumber()).toBe(specVersion);
      expect(api.tx[pallet]).toBeDefined();
      const alice = await account("Alice");
      const batch = api.tx["utility"]!["batchAll"]!(["a", "b"].map((text) => api.tx["system"]!["remark"]!(text)));
      const { partialFee } = await batch.paymentInfo(alice);
      expect(partialFee.toBigInt()).toBeGreaterThan(0n);
      const { block } = await api.rpc.chain.getBlock(await included(await batch.signAsync(alice)));
      expect(block.extrinsics.at(-1)!.method.method).toBe("batchAll");
      for (let i = 0; i < 3; i++) net.chain.newBlock();
      expect(net.chain.finalized.number).toBe(net.chain.best.number);
    },
  );
}

test.skipIf(!existsSync(join(vectors, chains[0]!.file)))(
  `${join(vectors, chains[0]!.file)}: an NFT is minted, and its owner is proven`,
  { timeout: 120_000 },
  async () => {
    await using client = await startWithClient({ spec: join(vectors, chains[0]!.file) });
    const { api } = client;
    const [alice, bob] = await Promise.all([account("Alice"), account("Bob")]);
    const config = { settings: 0, mintSettings: { mintType: { Issuer: null }, defaultItemSettings: 0 } };
    await included(await api.tx["nfts"]!["create"]!(alice.address, config).signAsync(alice));
    await included(await api.tx["nfts"]!["mint"]!(0, 7, bob.address, null).signAsync(alice));
    const item = (await api.query["nfts"]!["item"]!(0, 7)) as unknown as {
      unwrap(): { owner: { toString(): string } };
    };
    expect(item.unwrap().owner.toString()).toBe(api.createType("AccountId", bob.publicKey).toString());
    const key = api.query["nfts"]!["item"]!.key(0, 7);
    const { hash, stateRoot } = await api.rpc.chain.getHeader();
    const { proof } = await api.rpc.state.getReadProof([key], hash);
    const nodes = proof.map((node) => node.toU8a(true));
    // The owner's key comes first.
    expect(provenValue(stateRoot.toU8a(), nodes, fromHex(key)!)!.subarray(0, 32)).toEqual(bob.publicKey);
  },
);

const relay = join(vectors, chains[1]!.file);
test.skipIf(!existsSync(relay))(
  `${relay}: code that is no newer is refused, and code that is there is replaced`,
  { timeout: 120_000 },
  async () => {
    await using client = await startWithClient({ spec: relay });
    const { api, net } = client;
    const alice = await account("Alice");
    const code = toHex(net.chain.best.state.get(":code")!);
    const upgraded = async (call: string): Promise<string> => {
      const { sudo, system } = api.tx;
      const hash = await included(await sudo!["sudo"]!(system![call]!(code)).signAsync(alice));
      const events = (await (await api.at(hash)).query["system"]!["events"]!()) as unknown as { toHuman(): unknown };
      return JSON.stringify(events.toHuman());
    };
    // The runtime looks at the new code's version, and finds its own.
    expect(await upgraded("setCode")).toContain('"Err"');
    expect(await upgraded("setCodeWithoutChecks")).toContain("CodeUpdated");
    expect(net.chain.newBlock().number).toBe(3);
  },
);
