/** Genuine in itself, and vouched for by nobody that is trusted. */
import { intelRoot } from "#attestation/intel-root.ts";
import { verify } from "#attestation/verify.ts";
import { forge, now, pki, primitives, reissue, shapes, strangersKey } from "../forge.ts";
import { type Attack, presenting } from "./attack.ts";
import { otherPki } from "./certificates.ts";

const { certificate } = pki.root;

/** The right names, the right serial number, another key. */
const impostor = reissue("root", { publicKey: strangersKey.public }, strangersKey);

export const roots: readonly Attack[] = [
  ...shapes.map((shape) =>
    presenting("untrusted-root", `${shape}: development evidence under Intel's root`, () => ({
      evidence: forge({ shape }),
      root: intelRoot,
      now,
    })),
  ),
  ...(
    [
      ["another development root", otherPki.root.certificate],
      ["the right root without its last byte", certificate.subarray(0, -1)],
      ["nothing", new Uint8Array(0)],
      ["the PCK CA", pki.pckCa.certificate],
    ] as const
  ).map(([what, root]) =>
    presenting("untrusted-root", `evidence where ${what} is trusted`, () => ({ evidence: forge(), root, now })),
  ),
  presenting("untrusted-root", "evidence of a root with the right names and another key", () => ({
    evidence: forge({ pki: impostor }),
    root: certificate,
    now,
  })),
  {
    name: "evidence where no root is trusted",
    code: "untrusted-root",
    run: () => verify(forge(), { roots: [], now, primitives }),
  },
];
