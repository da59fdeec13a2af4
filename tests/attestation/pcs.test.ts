/** Collateral in Intel's own JSON is read into ours, or refused. */
import { expect, test } from "vitest";
import { collateralFromPcs } from "#attestation/pcs.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { forge, pemOf } from "./forge.ts";

const { collateral } = forge();
const json = {
  pck_crl_issuer_chain: "which we do not need",
  root_ca_crl: bytesToHex(collateral.rootCrl),
  pck_crl: bytesToHex(collateral.pckCrl).toUpperCase(),
  tcb_info: collateral.tcbInfo,
  tcb_info_signature: bytesToHex(collateral.tcbInfoSignature),
  tcb_info_issuer_chain: pemOf(...collateral.tcbInfoChain),
  qe_identity: collateral.qeIdentity,
  qe_identity_signature: bytesToHex(collateral.qeIdentitySignature),
  qe_identity_issuer_chain: pemOf(...collateral.qeIdentityChain),
};

test("it is read member by member", () => {
  expect(collateralFromPcs(json)).toEqual(collateral);
});

test.for([
  ["collateral-malformed", "null", null],
  ["collateral-malformed", "text", "{}"],
  ["collateral-malformed", "a member that is missing", { ...json, tcb_info: undefined }],
  ["collateral-malformed", "half a byte", { ...json, pck_crl: `${json.pck_crl}0` }],
  ["collateral-malformed", "what is not hexadecimal", { ...json, root_ca_crl: "zz" }],
  ["collateral-malformed", "an empty list", { ...json, root_ca_crl: "" }],
  ["certificate-malformed", "a chain of one", { ...json, tcb_info_issuer_chain: pemOf(collateral.tcbInfoChain[0]!) }],
] as const)("%s: %s", ([code, , value]) => {
  expect(() => collateralFromPcs(value)).toThrow(expect.objectContaining({ name: "AttestationError", code }));
});
