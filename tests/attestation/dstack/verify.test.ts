/** What dstack says beside a quote is verified with it: a log that the quote does not confirm is refused. */
import { expect, test } from "vitest";
import { decodeEvidence, encodeEvidence, type TdxEvidence } from "#attestation/evidence.ts";
import { verify } from "#attestation/verify.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import { forge, now, pki, primitives } from "../forge.ts";
import { appCompose, appId, composeHash, encodeLog, goodLog, measuredBy, runtime } from "./logs.ts";

const { rtmr0, rtmr1, rtmr2, rtmr3 } = measuredBy(goodLog);
const rtmr = [hexToBytes(rtmr0), hexToBytes(rtmr1), hexToBytes(rtmr2), hexToBytes(rtmr3)] as const;
const quoted = forge({ td: { rtmr } });

const withLog = (entries: unknown, compose: Uint8Array = appCompose): TdxEvidence => ({
  ...quoted,
  kind: "tdx",
  dstack: { eventLog: encodeLog(entries), appCompose: compose },
});
const options = { roots: [pki.root.certificate], now, primitives };

test("a confirmed log is part of what was verified", async () => {
  const evidence = decodeEvidence(encodeEvidence(withLog(goodLog)));
  await expect(verify(evidence, options)).resolves.toMatchObject({ dstack: { composeHash, appId } });
});

test("a quote without a log says nothing about an application", async () => {
  expect(await verify(quoted, options)).not.toHaveProperty("dstack");
});

test.for([
  ["event-log-mismatch", "a log of another start", withLog([...goodLog, runtime("more")])],
  ["event-log-mismatch", "no log at all", withLog([])],
  ["event-log-malformed", "a log that is none", withLog("log")],
  ["compose-mismatch", "another application", withLog(goodLog, appCompose.subarray(1))],
  ["event-log-mismatch", "the log of a machine that measured nothing", { ...withLog(goodLog), quote: forge().quote }],
] as const)("%s: %s", async ([code, , evidence]) => {
  await expect(verify(evidence, options)).rejects.toMatchObject({ name: "AttestationError", code });
});
