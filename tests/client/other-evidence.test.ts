/** A worker on a machine of AMD or AWS is examined as any other: by its claims, its hardware, its binding, a policy. */
import { describe, expect, test } from "vitest";
import { encodeEvidence, type Evidence, rootOf } from "#attestation/evidence.ts";
import { checkPolicy } from "#attestation/check-policy.ts";
import { developmentPolicy, type Policy } from "#attestation/policy.ts";
import { fingerprintOf } from "#attestation/x509/pick-root.ts";
import { memoryEvaluations } from "#client/evaluations.ts";
import { reportOf } from "#client/report.ts";
import { examine } from "#client/shield.ts";
import { verifyEvidence } from "#client/verify-evidence.ts";
import { leafOf, merkleRoot, reportData, type RoomClaims } from "#protocol/binding.ts";
import type { RoomId } from "#protocol/identity.ts";
import { now } from "../attestation/forge.ts";
import { forgeNitro } from "../attestation/nitro/forge.ts";
import { otherPolicy } from "../attestation/policies.ts";
import { forgeSnp } from "../attestation/sev-snp/forge.ts";

const hash = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const [channelKey, ephemeral] = [hash(1), hash(2)];
const claims: RoomClaims = {
  world: hash(3),
  contract: hash(4),
  lineage: hash(5),
  room: "abcdefghjkmnpqrs" as RoomId,
  term: 1,
  head: hash(6),
  issuer: hash(7),
  reportKey: hash(8),
};
const batch = merkleRoot(leafOf(ephemeral, claims), []);

const kinds = [
  ["sev-snp", (data: Uint8Array) => forgeSnp({ fields: { REPORT_DATA: data } }), "AMD SEV-SNP report, version 5"],
  ["nitro", (data: Uint8Array) => forgeNitro({ userData: data }), "AWS Nitro attestation document"],
] as const;

function welcomed(evidence: Evidence, policy: Policy, loopback = false) {
  const { world, contract, lineage, room } = claims;
  const welcome = { claims, keyEpoch: 7, root: batch, path: [], evidence: encodeEvidence(evidence) };
  return examine(
    { welcome, channelKey, ephemeral },
    { world, contract, lineage, room },
    { policy, loopback, evaluations: memoryEvaluations(), now: now * 1000, origin: null, verify: verifyEvidence },
  );
}

describe.for(kinds)("%s", ([kind, forge, name]) => {
  const bound = () => forge(reportData(channelKey, 7, batch));

  test("a development machine of one's own is let in, and the report names its evidence", async () => {
    const shield = await welcomed(await bound(), developmentPolicy, true);
    expect(shield).toMatchObject({ accepted: true, development: true, verified: { kind } });
    expect(reportOf(shield, null)).toContainEqual(expect.objectContaining({ name: "Proof", value: name }));
  });

  test("so is one whose fingerprint was typed, and no other", async () => {
    const evidence = await bound();
    const typed = (fingerprint: string) =>
      checkPolicy({ ...developmentPolicy, development: { fingerprints: [fingerprint] } });
    await expect(welcomed(evidence, typed(fingerprintOf(rootOf(evidence))))).resolves.toMatchObject({ accepted: true });
    await expect(welcomed(evidence, typed("00".repeat(32)))).rejects.toMatchObject({ code: "development-refused" });
  });

  test("a policy for machines of their makers refuses it by its root", async () => {
    await expect(welcomed(await bound(), checkPolicy(otherPolicy))).rejects.toMatchObject({ code: "untrusted-root" });
  });

  test("evidence over another key is somebody else's", async () => {
    const evidence = await forge(reportData(hash(9), 7, batch));
    await expect(welcomed(evidence, developmentPolicy, true)).rejects.toMatchObject({ code: "key-not-bound" });
  });
});
