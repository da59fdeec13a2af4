/** Which roots a policy lets evidence hang from. */
import { expect, test } from "vitest";
import { checkPolicy } from "#attestation/check-policy.ts";
import { developmentPolicy, rootsFor } from "#attestation/policy.ts";
import { intelRoot } from "#attestation/intel-root.ts";
import { forge, pki, reissue } from "./forge.ts";
import { vendorPolicy } from "./policies.ts";

test("a vendor policy offers no development root", () => {
  expect(rootsFor(checkPolicy(vendorPolicy), forge())).toEqual([intelRoot]);
});

test("a development policy offers only roots that call themselves that", () => {
  expect(rootsFor(developmentPolicy, forge())).toEqual([pki.root.certificate]);
  const evidence = forge();
  const posing = { ...evidence.collateral, tcbInfoChain: [pki.tcbSigner.certificate, intelRoot] };
  expect(rootsFor(developmentPolicy, { ...evidence, collateral: posing })).toEqual([]);
  const garbage = { ...evidence.collateral, tcbInfoChain: [Uint8Array.of(1)] };
  expect(rootsFor(developmentPolicy, { ...evidence, collateral: garbage })).toEqual([]);
  expect(rootsFor(developmentPolicy, forge({ pki: reissue("root", { subject: "Intel SGX Root CA" }) }))).toHaveLength(
    1,
  );
});
