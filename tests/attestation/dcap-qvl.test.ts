/** Ours beside an independent verifier: the same verdict on what is genuine, and a reason for each difference. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AttestationError } from "#attestation/errors.ts";
import type { IntelEvidence } from "#attestation/evidence.ts";
import { intelRoot } from "#attestation/intel-root.ts";
import { type TcbStatus, tcbStatuses } from "#attestation/verified.ts";
import { verify } from "#attestation/verify.ts";
import { corpus } from "./corpus/index.ts";
import { missing, type Opinion, opinionOfDcapQvl } from "./dcap-qvl.ts";
import { forge, type Forgery, now, pki, primitives, shapes } from "./forge.ts";
import { genuine, genuineNow } from "./genuine.ts";

/** Our verdict in the form of the other's. */
async function ours(evidence: IntelEvidence, root: Uint8Array, at: number): Promise<Opinion> {
  try {
    const { tcb } = await verify(evidence, { roots: [root], now: at, primitives });
    return { status: tcb.status, advisories: tcb.advisories };
  } catch (error) {
    if (error instanceof AttestationError) return { refused: error.code };
    throw error;
  }
}

const refusal = { refused: expect.any(String) };

/** What it accepts and we refuse, and why. A difference that no line explains fails the test, as does an idle line. */
const reasons: readonly (readonly [group: string, attacks: RegExp, because: string])[] = [
  ["flippedFields", /certification data/, "the type and the end of certification data are not looked at"],
  ["lengths", /after|within/, "whatever stands behind what is read is not looked at"],
  ["certificates", /length/, "BER is read as if it were DER"],
  ["certificates", /PCK chain/, "a chain is any text with certificates in it"],
  ["certificates", /another issuer|another name|only begins|calls itself/, "names are not compared"],
  ["certificates", /is no CA|may not sign|used as a PCK CA|no CA may stand/, "roles of certificates are not looked at"],
  ["revocation", /\blists? /, "revocation lists are searched, but neither their issuer nor their time is looked at"],
  ["revocation", /both lists/, "revocation lists are searched, but neither their issuer nor their time is looked at"],
  ["statements", /^(?:TCB info|QE identity|TCB) (?:of|with|issued|without)/, "members that are not used are not read"],
  ["statements", /of SGX with/, "members that do not belong there are not noticed"],
  ["quoting", /second half/, "only the first half of the QE's report data is compared"],
  ["quoting", /outside of the mask|attributesMask/, "the mask is laid over what is asked for as well"],
  ["quoting", /reserved field/, "reserved fields are not looked at"],
  ["versions", /behind lower ones/, "levels are taken in the order in which they were signed"],
  ["versions", /module/, "identities of TDX modules are not judged"],
  ["versions", /after an update/, "what the module was updated to is not judged"],
  ["versions", /component|PCE/, "numbers are taken for what they are compared as"],
  ["started", /XFAM/, "XFAM is not looked at"],
  ["started", /key locker/, "the key locker is not minded"],
  ["started", /sgx3/, "of an enclave's attributes, only that for debugging is looked at"],
];

describe.skipIf(missing !== undefined)(`beside dcap-qvl 0.3.9 (${missing ?? "installed"})`, () => {
  test.for(shapes)("%s that is not forged has the same verdict", async (shape) => {
    const opinion = opinionOfDcapQvl(forge({ shape }), pki.root.certificate, now);
    expect(opinion).toEqual({ status: "UpToDate", advisories: [] });
    expect(await ours(forge({ shape }), pki.root.certificate, now)).toEqual(opinion);
  });

  test.for(shapes)("%s under another root is refused by both", async (shape) => {
    expect(opinionOfDcapQvl(forge({ shape }), intelRoot, now)).toEqual(refusal);
    expect(await ours(forge({ shape }), intelRoot, now)).toEqual(refusal);
  });

  describe.skipIf(genuine.missing !== undefined)(`genuine evidence${genuine.note}`, () => {
    test.for(["tdx", "sgx"] as const)("%s has the same verdict, and none outside of its time", async (kind) => {
      const evidence = genuine[kind]();
      const opinion = opinionOfDcapQvl(evidence, intelRoot, genuineNow);
      expect(opinion).not.toHaveProperty("refused");
      expect(await ours(evidence, intelRoot, genuineNow)).toEqual(opinion);
      const later = genuineNow + 7200;
      expect(opinionOfDcapQvl(evidence, intelRoot, later)).toEqual(refusal);
      expect(await ours(evidence, intelRoot, later)).toEqual(refusal);
      expect(opinionOfDcapQvl(evidence, pki.root.certificate, genuineNow)).toEqual(refusal);
    });
  });

  test.for(Object.entries(corpus))("what it accepts of %s has a reason", ([group, attacks]) => {
    const used = new Set<string>();
    for (const { name, presents } of attacks) {
      // Bytes of version 5 are those of version 4 behind another head, and the other one is slow.
      if (presents === undefined || /^tdx5.* (?:flipped|quote|data)/.test(name)) continue;
      const { evidence, root, now: at } = presents();
      if ("refused" in opinionOfDcapQvl(evidence, root, at)) continue;
      const reason = reasons.find(([about, pattern]) => about === group && pattern.test(name));
      expect(reason, `${name} is accepted, and no line says why`).toBeDefined();
      used.add(reason![2]);
    }
    const expected = reasons.filter(([about]) => about === group).map(([, , because]) => because);
    expect([...used].sort()).toEqual([...new Set(expected)].sort());
  });

  test("machines of any versions come to the same level of any list", async () => {
    await fc.assert(
      fc.asyncProperty(levelLists, async (levels) => {
        const tcbInfo: Forgery["tcbInfo"] = (info) => ({ ...info, tcbLevels: levels });
        const evidence = forge({ shape: "sgx3", tcbInfo });
        const opinion = opinionOfDcapQvl(evidence, pki.root.certificate, now);
        expect(await ours(evidence, pki.root.certificate, now)).toEqual("refused" in opinion ? refusal : opinion);
      }),
      { seed: 20, numRuns: 60 },
    );
  });
});

interface Level {
  readonly tcb: { readonly sgxtcbcomponents: readonly { readonly svn: number }[]; readonly pcesvn: number };
  readonly tcbDate: string;
  readonly tcbStatus: TcbStatus;
  readonly advisoryIDs: readonly string[];
}

/** Around the versions of the development machine, 2 everywhere and 11 for its PCE. */
const levels: fc.Arbitrary<Level> = fc.record({
  tcb: fc.record({
    sgxtcbcomponents: fc
      .tuple(fc.constantFrom(0, 1, 2, 2, 2, 3), fc.constantFrom(0, 2, 2, 2, 3))
      .map(([first, last]) => Array.from({ length: 16 }, (_, i) => ({ svn: i === 0 ? first : i === 15 ? last : 2 }))),
    pcesvn: fc.constantFrom(5, 11, 11, 12),
  }),
  tcbDate: fc.constant("2026-01-01T00:00:00Z"),
  tcbStatus: fc.constantFrom(...tcbStatuses),
  advisoryIDs: fc.uniqueArray(fc.constantFrom("INTEL-SA-00001", "INTEL-SA-00002"), { maxLength: 2 }),
});

const keyOf = ({ tcb }: Level): string =>
  [...tcb.sgxtcbcomponents.map(({ svn }) => svn), tcb.pcesvn].map((svn) => String(svn).padStart(5, "0")).join();

/** As Intel signs them: best first, none twice. */
const levelLists = fc
  .uniqueArray(levels, { minLength: 1, maxLength: 5, selector: keyOf })
  .map((list) => list.sort((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1)));
