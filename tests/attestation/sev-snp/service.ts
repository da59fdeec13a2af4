/** What AMD's Key Distribution Service answered in August 2026: roots, lists of what they have withdrawn, one leaf. */
import { readFileSync } from "node:fs";
import { base64ToBytes } from "../base64.ts";

interface Answers {
  readonly Milan: { readonly crl: string };
  readonly Genoa: { readonly ark: string; readonly crl: string };
  readonly Turin: { readonly ark: string; readonly ask: string; readonly vcek: string; readonly crl: string };
}

const { Milan, Genoa, Turin } = JSON.parse(
  readFileSync(new URL("../../vectors/amd-kds.json", import.meta.url), "utf8"),
) as Answers;

export const amdService = {
  Milan: { crl: base64ToBytes(Milan.crl) },
  Genoa: { ark: base64ToBytes(Genoa.ark), crl: base64ToBytes(Genoa.crl) },
  Turin: {
    ark: base64ToBytes(Turin.ark),
    ask: base64ToBytes(Turin.ask),
    vcek: base64ToBytes(Turin.vcek),
    crl: base64ToBytes(Turin.crl),
  },
} as const;
