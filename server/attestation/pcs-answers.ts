/**
 * Collateral as Intel's Provisioning Certification Service and its caches answer it, one question at a time.
 * Intel PCS API version 4: "Get PCK CRL", "Get TDX TCB Info", "Get TD QE Identity"; PCCS: "Get Root CA CRL".
 */
import { hexToBytes } from "#protocol/bytes.ts";
import type { CollateralParts } from "#protocol/collateral.ts";
import { AttestationError, demand } from "./errors.ts";
import type { Collateral } from "./evidence.ts";
import { parsePem } from "./x509/pem.ts";

const code = "collateral-malformed";

/**
 * Cuts the signed texts out of the answers, byte for byte. Nothing is verified here.
 *
 * @throws AttestationError "collateral-malformed", "certificate-malformed".
 */
export function collateralFromAnswers(parts: CollateralParts): Collateral {
  const tcbInfo = readSigned(parts.tcbInfo, "tcbInfo");
  const qeIdentity = readSigned(parts.qeIdentity, "enclaveIdentity");
  return {
    rootCrl: readList(parts.rootCrl),
    pckCrl: readList(parts.pckCrl),
    tcbInfo: tcbInfo.text,
    tcbInfoSignature: tcbInfo.signature,
    tcbInfoChain: readChain(parts.tcbInfoChain),
    qeIdentity: qeIdentity.text,
    qeIdentitySignature: qeIdentity.signature,
    qeIdentityChain: readChain(parts.qeIdentityChain),
  };
}

/** `{"tcbInfo":{…},"signature":"…"}`: what is signed is the text between, exactly as it stands. */
function readSigned(body: Uint8Array, name: string): { readonly text: string; readonly signature: Uint8Array } {
  const answer = asciiOf(body).trimEnd();
  const [head, tail] = [`{"${name}":`, /,"signature":"([0-9a-fA-F]{128})"\}$/.exec(answer)];
  demand(answer.startsWith(`${head}{`) && tail !== null, code, name);
  return { text: answer.slice(head.length, tail.index), signature: hexToBytes(tail[1]!) };
}

/** DER, or the same in hexadecimal: caches answer so. */
function readList(body: Uint8Array): Uint8Array {
  const digits = body.length % 2 === 0 && body.every((byte) => /[0-9a-fA-F]/.test(String.fromCharCode(byte)));
  return digits && body.length > 0 ? hexToBytes(asciiOf(body)) : body;
}

/** Percent-encoded PEM; the line feed at its end may be missing. */
function readChain(header: string): readonly Uint8Array[] {
  let text: string;
  try {
    text = decodeURIComponent(header);
  } catch (error) {
    if (error instanceof URIError) throw new AttestationError(code, "issuer chain");
    throw error;
  }
  return parsePem(text.endsWith("\n") ? text : `${text}\n`, 2);
}

function asciiOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    demand(byte < 0x80, code, "not ASCII");
    text += String.fromCharCode(byte);
  }
  return text;
}
