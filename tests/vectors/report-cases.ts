/** A sealed report as bytes, and the question by which a moderator asks for it. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { hexToBytes } from "#protocol/bytes.ts";
import { askReports } from "#protocol/report-reading.ts";
import { openReport, sealReport } from "#protocol/report.ts";
import type { Case } from "./protocol-cases.ts";

const fill = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte);

export const secret = fill(11);
const report = {
  room: "00112233445566778899",
  contract: "phala-world",
  lineage: fill(2),
  report: { by: "ab".repeat(16), about: "cd".repeat(16), tick: 7, messages: [{ from: "cd".repeat(16), text: "für" }] },
};
const sealing = { ephemeral: fill(4), world: fill(1), signer: fill(5), moderator: ed25519.getPublicKey(secret) };
const asked = { place: "https://play.example.org", world: "01".repeat(32), after: 2 ** 32 + 3, at: 1_790_000_000_000 };

export const reportCases = (): readonly Case[] => {
  const sealed = sealReport(report, sealing);
  return [
    {
      name: "a sealed report",
      input: { report, sealing },
      bytes: sealed,
      read: { report: openReport(sealed, secret).report, sealing },
    },
    {
      name: "a question's signature",
      input: { ...asked, secret },
      bytes: hexToBytes(askReports(secret, asked).signature),
    },
  ];
};
