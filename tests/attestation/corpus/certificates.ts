/** Each certificate of each chain replaced, damaged, out of its time, or used for what it was not issued for. */
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { keyUsages } from "#attestation/x509/certificate.ts";
import type { Collateral } from "#attestation/evidence.ts";
import { type CertificateTemplate, issueCertificate } from "#enclave/platform/development/certificates.ts";
import { createPki, type DevelopmentPki } from "#enclave/platform/development/pki.ts";
import { day, flip, type Forgery, now, type Part, pemOf, pki, reissue, strangersKey } from "../forge.ts";
import { type Attack, attack } from "./attack.ts";
import { spellings } from "./spellings.ts";

export const otherPki = createPki(new Uint8Array(32).fill(9));

const parts = ["root", "pckCa", "pck", "tcbSigner"] as const;
const words: Readonly<Record<Part, string>> = {
  root: "root",
  pckCa: "PCK CA",
  pck: "PCK",
  tcbSigner: "TCB signer",
};
const past = { notBefore: now - 10 * day, notAfter: now - 1 };
const future = { notBefore: now + 1, notAfter: now + 10 * day };

/** Another certificate in this one's place, wherever the chains hold it, and nothing else changed. */
export function inPlaceOf(part: Part, certificate: Uint8Array): Forgery {
  const chain = (p: DevelopmentPki) => [p.tcbSigner, p.root].map(({ certificate: der }) => der);
  const under = { ...pki, [part]: { ...pki[part], certificate } };
  return {
    pki: under,
    collateral: (): Partial<Collateral> => ({ tcbInfoChain: chain(under), qeIdentityChain: chain(under) }),
  };
}

/** Everything below a certificate that its issuer issued with other contents. */
const reissued = (part: Part, change: Partial<CertificateTemplate>): Forgery => ({ pki: reissue(part, change) });

const dates = parts.flatMap((part) => [
  attack("certificate-expired", `a ${words[part]} of the past`, reissued(part, past)),
  attack("certificate-expired", `a ${words[part]} of the future`, reissued(part, future)),
]);

const signatures = parts.flatMap((part) => [
  attack("certificate-signature", `a ${words[part]} signed by a stranger`, { pki: reissue(part, {}, strangersKey) }),
  attack(
    "certificate-signature",
    `a ${words[part]} whose signature is damaged`,
    inPlaceOf(part, flip(pki[part].certificate, -1)),
  ),
]);

const damaged = parts.flatMap((part) =>
  spellings(pki[part].certificate).map(([name, der]) =>
    attack("certificate-malformed", `a ${words[part]} with ${name}`, inPlaceOf(part, der)),
  ),
);

/** Certificates of another PKI of the same names. */
const foreign = [
  attack("certificate-signature", "a PCK of another machine's PKI", inPlaceOf("pck", otherPki.pck.certificate)),
  attack("certificate-signature", "a PCK CA of another PKI", inPlaceOf("pckCa", otherPki.pckCa.certificate)),
  attack(
    "certificate-signature",
    "a TCB signer of another PKI",
    inPlaceOf("tcbSigner", otherPki.tcbSigner.certificate),
  ),
];

const chainOf = (...certificates: readonly Uint8Array[]): Forgery => ({ enclave: { chain: pemOf(...certificates) } });
const [root, pckCa, pck, tcbSigner] = parts.map((part) => pki[part].certificate) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

const pckChains = [
  attack("certificate-malformed", "a PCK chain without its root", chainOf(pck, pckCa)),
  attack("certificate-malformed", "a PCK chain without its CA", chainOf(pck, root)),
  attack("certificate-malformed", "a PCK chain with something in between", chainOf(pck, pckCa, pckCa, root)),
  attack("certificate-malformed", "a PCK chain with its root twice", chainOf(pck, pckCa, root, root)),
  attack("certificate-malformed", "an empty PCK chain", { enclave: { chain: "" } }),
  attack("certificate-malformed", "a PCK chain that is no PEM", { enclave: { chain: "hello" } }),
  attack("certificate-malformed", "a PCK chain that ends in two zero bytes", {
    enclave: { chain: `${pemOf(pck, pckCa, root)}\0\0` },
  }),
  attack("certificate-malformed", "a PCK chain after a line of text", {
    enclave: { chain: `PCK\n${pemOf(pck, pckCa, root)}` },
  }),
  attack("certificate-malformed", "a PCK chain with carriage returns", {
    enclave: { chain: pemOf(pck, pckCa, root).replaceAll("\n", "\r\n") },
  }),
  attack("certificate-malformed", "a PCK chain whose bytes are not ASCII", {
    enclave: { chain: pemOf(pck, pckCa, root).replace("A", "é") },
  }),
  attack("certificate-chain", "a PCK chain that begins with its root", chainOf(root, pckCa, pck)),
  attack("certificate-chain", "a PCK chain of the CA twice", chainOf(pckCa, pckCa, root)),
  attack("certificate-chain", "a PCK in the place of its CA", chainOf(pck, pck, root)),
  attack("crl-signature", "a root in the place of the PCK CA", chainOf(pck, root, root)),
  attack("crl-signature", "a PCK chain that is only roots", chainOf(root, root, root)),
  attack(
    "certificate-chain",
    "a PCK leaf used as a CA",
    chainOf(issueCertificate({ ...pki.pck.template, issuer: pki.pck.template.subject }, pki.pck.key), pck, root),
  ),
];

const signerChain = (change: (collateral: Collateral) => Partial<Collateral>): Forgery => ({ collateral: change });
const signerChains = [
  attack(
    "certificate-chain",
    "a TCB signing chain of its root",
    signerChain(() => ({ tcbInfoChain: [root] })),
  ),
  attack(
    "certificate-chain",
    "a TCB signing chain of its signer",
    signerChain(() => ({ tcbInfoChain: [tcbSigner] })),
  ),
  attack(
    "certificate-chain",
    "a TCB signing chain of nothing",
    signerChain(() => ({ tcbInfoChain: [] })),
  ),
  attack(
    "certificate-chain",
    "a TCB signing chain with something in between",
    signerChain(() => ({ tcbInfoChain: [tcbSigner, pckCa, root] })),
  ),
  attack(
    "certificate-chain",
    "a TCB signing chain with its signer twice",
    signerChain(() => ({ tcbInfoChain: [tcbSigner, tcbSigner, root] })),
  ),
  attack(
    "certificate-chain",
    "a TCB signing chain upside down",
    signerChain(() => ({ tcbInfoChain: [root, tcbSigner] })),
  ),
  attack(
    "certificate-role",
    "a root as TCB signer",
    signerChain(() => ({ tcbInfoChain: [root, root] })),
  ),
  attack(
    "certificate-role",
    "a PCK CA as TCB signer",
    signerChain(() => ({ qeIdentityChain: [pckCa, root] })),
  ),
  attack(
    "certificate-chain",
    "a PCK as TCB signer",
    signerChain(() => ({ tcbInfoChain: [pck, root] })),
  ),
  attack(
    "certificate-chain",
    "chains with different roots",
    signerChain(() => ({ qeIdentityChain: [tcbSigner, otherPki.root.certificate] })),
  ),
];

function renamedPckCa(subject: string): DevelopmentPki {
  const renamed = reissue("pckCa", { subject });
  const template = { ...pki.pck.template, issuer: subject };
  return { ...renamed, pck: { ...pki.pck, template, certificate: issueCertificate(template, pki.pckCa.key) } };
}

const { ca: _, ...noCa } = pki.pckCa.template;
const { ca: __, ...noRootCa } = pki.root.template;

const roles: readonly (readonly [AttestationErrorCode, string, Forgery])[] = [
  ["certificate-chain", "a PCK that names another issuer", reissued("pck", { issuer: "Another CA" })],
  ["certificate-chain", "a PCK CA that names another issuer", reissued("pckCa", { issuer: "Another CA" })],
  ["certificate-chain", "a TCB signer that names another issuer", reissued("tcbSigner", { issuer: "Another CA" })],
  ["certificate-chain", "a root that names another issuer", reissued("root", { issuer: "Another CA" })],
  ["certificate-role", "a PCK CA that is no CA", inPlaceOf("pckCa", issueCertificate(noCa, pki.root.key))],
  ["certificate-role", "a root that is no CA", inPlaceOf("root", issueCertificate(noRootCa, pki.root.key))],
  [
    "certificate-role",
    "a TCB signer used as a PCK CA",
    chainOf(
      issueCertificate({ ...pki.pck.template, issuer: pki.tcbSigner.template.subject }, pki.tcbSigner.key),
      tcbSigner,
      root,
    ),
  ],
  ["certificate-role", "a PCK CA that may not sign certificates", reissued("pckCa", { usage: keyUsages.crlSign })],
  ["certificate-role", "a PCK CA that may not sign lists", reissued("pckCa", { usage: keyUsages.keyCertSign })],
  ["certificate-role", "a root that may not sign certificates", reissued("root", { usage: keyUsages.crlSign })],
  ["certificate-role", "a root that may not sign lists", reissued("root", { usage: keyUsages.keyCertSign })],
  ["certificate-role", "a root below which no CA may stand", reissued("root", { ca: { pathLength: 0 } })],
  ["certificate-role", "a PCK that is a CA", reissued("pck", { ca: { pathLength: 0 } })],
  ["certificate-role", "a PCK that may not sign", reissued("pck", { usage: keyUsages.keyCertSign })],
  ["certificate-role", "a PCK without Intel's extension", reissued("pck", { extensions: [] })],
  ["certificate-role", "a PCK by another name", reissued("pck", { subject: "Development SGX Something" })],
  ["certificate-role", "a PCK CA by another name", { pki: renamedPckCa("Another CA") }],
  ["certificate-role", "a PCK CA whose name only begins right", { pki: renamedPckCa("SGX PCK Platform CA of others") }],
  ["certificate-role", "a TCB signer that is a CA", reissued("tcbSigner", { ca: { pathLength: 0 } })],
  ["certificate-role", "a TCB signer that may not sign", reissued("tcbSigner", { usage: keyUsages.crlSign })],
  ["certificate-role", "a TCB signer by another name", reissued("tcbSigner", { subject: "Something else" })],
  [
    "certificate-role",
    "a machine's certificate that calls itself TCB signer",
    reissued("tcbSigner", { extensions: pki.pck.template.extensions! }),
  ],
];

export const certificates: readonly Attack[] = [
  ...dates,
  ...signatures,
  ...damaged,
  ...foreign,
  ...pckChains,
  ...signerChains,
  ...roles.map((role) => attack(...role)),
];
