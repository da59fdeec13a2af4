/** What wraps an attestation document: COSE_Sign1 with ES384 and nothing else (RFC 9052 section 4.2, RFC 9053 section 2.1). */
import { concatBytes, equalBytes, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import { nitroDocumentLengthMax } from "../limits.ts";
import { CborReader } from "./cbor.ts";

export interface Signed {
  readonly payload: Uint8Array;
  /** Sig_structure: what was signed. */
  readonly signed: Uint8Array;
  /** r ‖ s, 96 bytes. */
  readonly signature: Uint8Array;
}

/** The protected header { 1 (alg): -35 (ES384) }, and no other. */
const protectedHeader = hexToBytes("a1013822");

/** @throws AttestationError "quote-malformed", "evidence-unsupported". */
export function readCoseSign1(bytes: Uint8Array): Signed {
  const reader = new CborReader(bytes);
  reader.tuple(4);
  demand(equalBytes(reader.bytes(64), protectedHeader), "evidence-unsupported", "protected header");
  // Nobody signs the unprotected header: in an empty one nothing can be written.
  reader.map(
    0,
    () => reader.unsigned(),
    () => undefined,
  );
  const payload = reader.bytes(nitroDocumentLengthMax);
  const signature = reader.bytes(96);
  demand(signature.length === 96, "quote-malformed", "signature");
  reader.end();
  return { payload, signed: sigStructure(payload), signature };
}

/** [ "Signature1", protected header, no external data, payload ], RFC 9052 section 4.4. */
export function sigStructure(payload: Uint8Array): Uint8Array {
  const head = (major: number, length: number): Uint8Array =>
    length < 24
      ? Uint8Array.of((major << 5) | length)
      : length < 0x100
        ? Uint8Array.of((major << 5) | 24, length)
        : Uint8Array.of((major << 5) | 25, length >> 8, length & 0xff);
  const bytes = (contents: Uint8Array) => concatBytes(head(2, contents.length), contents);
  const context = utf8ToBytes("Signature1");
  return concatBytes(
    head(4, 4),
    head(3, context.length),
    context,
    bytes(protectedHeader),
    bytes(new Uint8Array(0)),
    bytes(payload),
  );
}
