/** Certificates in PEM, in the one spelling of RFC 7468 section 3 ("stricttextualmsg"): 64 columns, line feeds. */
import { demand } from "../errors.ts";

const header = "-----BEGIN CERTIFICATE-----\n";
const footer = "-----END CERTIFICATE-----\n";
const code = "certificate-malformed";

/**
 * Cuts a text into exactly so many certificates, in DER.
 *
 * @throws AttestationError "certificate-malformed" on anything before, between or after them.
 */
export function parsePem(text: string, count: number): readonly Uint8Array[] {
  const certificates: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    demand(text.startsWith(header, at), code, "PEM header");
    const start = at + header.length;
    const end = text.indexOf(footer, start);
    demand(end !== -1, code, "PEM footer");
    certificates.push(decodeLines(text.slice(start, end)));
    at = end + footer.length;
  }
  demand(at === text.length, code, "text after the certificates");
  return certificates;
}

function decodeLines(body: string): Uint8Array {
  demand(body.endsWith("\n"), code, "PEM line");
  const lines = body.slice(0, -1).split("\n");
  const last = lines.pop()!;
  demand(last.length > 0 && last.length <= 64, code, "PEM line");
  for (const line of lines) demand(line.length === 64, code, "PEM line");
  return decodeBase64(lines.join("") + last);
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** RFC 4648 section 4 with padding, canonical: unused bits are zero (section 3.5). */
function decodeBase64(text: string): Uint8Array {
  demand(text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text), code, "base64");
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const out = new Uint8Array((text.length / 4) * 3 - padding);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const character of text.slice(0, text.length - padding)) {
    bits = ((bits << 6) | alphabet.indexOf(character)) & 0xfff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out[at++] = bits >> held;
  }
  demand((bits & ((1 << held) - 1)) === 0, code, "base64");
  return out;
}
