/** Our agent is understood by the official SDK, over both transports, and tells it the same as our own client. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseTdxQuote } from "#attestation/tdx/quote.ts";
import { parseAgentAddress } from "#enclave/platform/dstack/exchange.ts";
import { GuestAgent } from "#enclave/platform/dstack/guest-agent.ts";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { type DstackClient, missing, officialClient } from "../../../oracles/dstack-sdk.ts";
import { createAgent } from "../../../support/dstack-agent.ts";

const agent = createAgent({
  seed: new Uint8Array(32).fill(5),
  appCompose: '{"name":"Räume 🦀","manifest_version":2}\n',
});
const reportData = new Uint8Array(64).map((_, i) => i);

/** Who signed this, by a signature that names its key. */
function signer(message: Uint8Array, signature: Uint8Array): string {
  const recovered = concatBytes(signature.subarray(64), signature.subarray(0, 64));
  return bytesToHex(secp256k1.recoverPublicKey(recovered, keccak_256(message), { prehash: false }));
}

describe.skipIf(missing !== undefined).for(["socket", "http"] as const)(
  `the official SDK${missing === undefined ? "" : ` (skipped: ${missing})`} over %s`,
  (transport) => {
    let folder: string;
    let listening: Awaited<ReturnType<typeof agent.listen>>;
    let client: DstackClient;
    let ours: GuestAgent;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "phatroom-official-"));
      listening = await agent.listen(transport === "http" ? undefined : join(folder, "dstack.sock"));
      client = officialClient(listening.address);
      ours = new GuestAgent(parseAgentAddress(listening.address)!);
    });

    afterAll(async () => {
      await listening.close();
      await rm(folder, { recursive: true, force: true });
    });

    test("reaches it and learns its version", async () => {
      await expect(client.isReachable()).resolves.toBe(true);
      await expect(client.version()).resolves.toMatchObject({ version: "0.5.8" });
    });

    test("reads who it is, text that is not ASCII included", async () => {
      const info = await client.info();
      expect(info).toMatchObject({ app_id: agent.appId, compose_hash: agent.composeHash });
      expect(info.tcb_info.app_compose).toBe(agent.appCompose);
      await expect(ours.appCompose()).resolves.toBe(agent.appCompose);
    });

    test("gets a quote whose log it replays to the quote's registers", async () => {
      const answer = await client.getQuote(reportData);
      const { report } = parseTdxQuote(hexToBytes(answer.quote));
      expect(report.reportData).toEqual(reportData);
      const replayed = answer.replayRtmrs();
      for (const [i, register] of report.rtmr.entries()) expect(replayed[i]).toBe(bytesToHex(register));
      const mine = await ours.quote(reportData);
      expect(mine.eventLog).toBe(answer.event_log);
      expect(mine.vmConfig).toBe(answer.vm_config);
    });

    test("gets an attestation, and none over more than 64 bytes", async () => {
      await expect(client.attest(reportData)).resolves.toHaveProperty("attestation");
      await expect(client.getQuote(new Uint8Array(65))).rejects.toThrow();
    });

    test("gets keys by path, whose chain of signatures leads to the key authority", async () => {
      const { key, signature_chain } = await client.getKey("seal/v1", "signing");
      expect(new Uint8Array(key)).toEqual(await ours.key("seal/v1"));
      const publicKey = secp256k1.getPublicKey(key, true);
      const application = signer(utf8ToBytes(`signing:${bytesToHex(publicKey)}`), signature_chain[0]!);
      const issued = concatBytes(utf8ToBytes("dstack-kms-issued:"), hexToBytes(agent.appId), hexToBytes(application));
      expect(signer(issued, signature_chain[1]!)).toBe(agent.kmsRoot);
    });

    test("finds that purpose and algorithm do not change a key, and the path does", async () => {
      const [plain, other, curve, path] = await Promise.all([
        client.getKey("seal", "one"),
        client.getKey("seal", "two"),
        client.getKey("seal", "one", "ed25519"),
        client.getKey("seal/two", "one"),
      ]);
      expect([other.key, curve.key]).toEqual([plain.key, plain.key]);
      expect(path.key).not.toEqual(plain.key);
    });

    test.for(["ed25519", "secp256k1"])("has it sign and verify with %s", async (algorithm) => {
      const data = utf8ToBytes("said by the machine");
      const { signature, public_key } = await client.sign(algorithm, data);
      await expect(client.verify(algorithm, data, signature, public_key)).resolves.toMatchObject({ valid: true });
      const other = utf8ToBytes("said by somebody else");
      await expect(client.verify(algorithm, other, signature, public_key)).resolves.toMatchObject({ valid: false });
    });
  },
);
