/** What is verified: a genuine TDX quote of Intel's, if it is at hand, else one of the software platform. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeEvidence, rootOf } from "../../server/attestation/evidence.ts";
import { intelRoot } from "../../server/attestation/intel-root.ts";
import { encodePem } from "../../server/enclave/platform/development/pem.ts";
import { platformFromSeed } from "../../server/enclave/platform/software.ts";
import { bytesToHex } from "../../server/protocol/bytes.ts";
import type { Input } from "./candidate.ts";

export interface Evidence {
  readonly input: Input;
  /** In words, for the report. */
  readonly what: string;
  readonly genuine: boolean;
}

/** 2025-07-19T09:00:00Z: the genuine collateral was in force for the month before. */
const genuineNow = Date.UTC(2025, 6, 19, 9) / 1000;
/** 2026-03-01T12:00:00Z */
const softwareNow = 1_772_366_400;

export async function evidenceToVerify(): Promise<Evidence> {
  const folder = join(process.env["PHATROOM_VECTORS"] ?? "", "evidence");
  const [quote, collateral] = ["tdx_quote", "tdx_quote_collateral.json"].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  if (!existsSync(quote) || !existsSync(collateral)) return { ...(await ofSoftware()), genuine: false };
  const input: Input = {
    quote: readFileSync(quote).toString("hex"),
    collateral: JSON.parse(readFileSync(collateral, "utf8")) as Input["collateral"],
    root: bytesToHex(intelRoot),
    now: genuineNow,
    wasm: [],
  };
  return { input, what: "a genuine TDX quote of 2025", genuine: true };
}

async function ofSoftware(): Promise<Omit<Evidence, "genuine">> {
  const platform = platformFromSeed(new Uint8Array(32), () => softwareNow);
  const evidence = decodeEvidence(await platform.quote(new Uint8Array(64)));
  if (evidence.kind !== "tdx") throw new Error(`evidence of ${evidence.kind}`);
  const { collateral: c } = evidence;
  const chain = (certificates: readonly Uint8Array[]): string => certificates.map(encodePem).join("");
  const collateral = {
    pck_crl_issuer_chain: "",
    root_ca_crl: bytesToHex(c.rootCrl),
    pck_crl: bytesToHex(c.pckCrl),
    tcb_info_issuer_chain: chain(c.tcbInfoChain),
    tcb_info: c.tcbInfo,
    tcb_info_signature: bytesToHex(c.tcbInfoSignature),
    qe_identity_issuer_chain: chain(c.qeIdentityChain),
    qe_identity: c.qeIdentity,
    qe_identity_signature: bytesToHex(c.qeIdentitySignature),
  };
  const root = bytesToHex(rootOf(evidence));
  const input = { quote: bytesToHex(evidence.quote), collateral, root, now: softwareNow, wasm: [] };
  return { input, what: "a TDX quote of the software platform" };
}
