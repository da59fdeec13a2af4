/** TDs and enclaves that were started in a way that lets somebody in. Hardware says so itself, and signs it. */
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import { type Forgery, later } from "../forge.ts";
import { type Attack, attack } from "./attack.ts";

type Case = readonly [code: AttestationErrorCode, what: string, forgery: Forgery];

const td = (hex: string): Forgery => ({ td: { tdAttributes: hexToBytes(hex) } });
const xfam = (hex: string): Forgery => ({ td: { xfam: hexToBytes(hex) } });
const enclave = (attributes: string): Forgery => ({
  shape: "sgx3",
  report: { attributes: hexToBytes(`${attributes}e700000000000000`) },
});
const misc = (hex: string): Forgery => ({ shape: "sgx3", report: { miscSelect: hexToBytes(hex) } });

const tds: readonly Case[] = [
  ["debug-enclave", "a debug TD", td("0100001000000000")],
  ["debug-enclave", "a debug TD of version 5", { ...td("0100001000000000"), shape: "tdx5" }],
  ["debug-enclave", "a debug TD of TDX 1.5", { ...td("0100001000000000"), shape: "tdx5-later" }],
  ...[1, 2, 3, 4, 5, 6, 7].map((bit): Case => [
    "debug-enclave",
    `a TD with bit ${bit} of those for debugging`,
    td(`${byte(1 << bit)}00001000000000`),
  ]),
  ["td-attributes", "a TD without SEPT_VE_DISABLE", td("0000000000000000")],
  ["td-attributes", "a TD that can be migrated", td("0000003000000000")],
  ["td-attributes", "a TD with a key locker", td("0000009000000000")],
  ["td-attributes", "a reserved bit of the second byte", td("0001001000000000")],
  ["td-attributes", "a reserved bit of the third byte", td("0000011000000000")],
  ["td-attributes", "a reserved bit of the fourth byte", td("0000001100000000")],
  ["td-attributes", "a reserved bit of the upper half", td("0000001001000000")],
  ["td-attributes", "a reserved bit below the last", td("0000001000000040")],
  ["td-attributes", "XFAM without x87", xfam("e602060000000000")],
  ["td-attributes", "XFAM without SSE", xfam("e502060000000000")],
  ["td-attributes", "XFAM with an unknown bit", xfam("e702060000000080")],
  ["td-attributes", "XFAM with an unknown bit of the first byte", xfam("ef02060000000000")],
  ["td-attributes", "no XFAM at all", xfam("0000000000000000")],
  [
    "td-attributes",
    "a service TD, which could move it",
    { shape: "tdx5-later", td: { later: { ...later, mrServiceTd: new Uint8Array(48).fill(1) } } },
  ],
  [
    "td-attributes",
    "a service TD whose measurement is zeros but for one bit",
    { shape: "tdx5-later", td: { later: { ...later, mrServiceTd: new Uint8Array(48).with(47, 1) } } },
  ],
];

const enclaves: readonly Case[] = [
  ["debug-enclave", "a debug enclave", enclave("0700000000000000")],
  ["debug-enclave", "a debug enclave that was not initialised", enclave("0600000000000000")],
  ["enclave-attributes", "an enclave that was not initialised", enclave("0400000000000000")],
  ["enclave-attributes", "a launch enclave", enclave("2500000000000000")],
  ["enclave-attributes", "a reserved bit of the first byte", enclave("0d00000000000000")],
  ["enclave-attributes", "a reserved bit of the second byte", enclave("0501000000000000")],
  ["enclave-attributes", "a reserved bit of the third byte", enclave("0500010000000000")],
  ["enclave-attributes", "a reserved bit of the last byte", enclave("0500000000000080")],
  ["enclave-attributes", "an unknown bit of MISCSELECT", misc("04000000")],
  ["enclave-attributes", "an unknown bit of MISCSELECT's last byte", misc("00000080")],
];

function byte(value: number): string {
  return value.toString(16).padStart(2, "0");
}

export const started: readonly Attack[] = [...tds, ...enclaves].map(([code, what, forgery]) =>
  attack(code, what, forgery),
);
