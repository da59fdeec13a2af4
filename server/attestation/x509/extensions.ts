/** Extensions of certificates, lists and list entries (RFC 5280 section 4.2). */
import { type DerReader, tags } from "./der.ts";

export interface Extension {
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** By object identifier, in hexadecimal. The reader stands before the SEQUENCE of them. */
export function readExtensions(reader: DerReader): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  const sequence = reader.inside(tags.sequence);
  if (sequence.done) sequence.fail("an empty list of extensions");
  while (!sequence.done) {
    const extension = sequence.inside(tags.sequence);
    const oid = extension.oid();
    if (extensions.has(oid)) extension.fail("an extension twice");
    extensions.set(oid, { critical: extension.optionalTrue(), value: extension.contents(tags.octetString) });
    extension.end();
  }
  return extensions;
}

/** Section 4.2: whoever does not process a critical extension must reject what holds it. */
export function refuseCritical(
  extensions: ReadonlyMap<string, Extension>,
  processed: readonly string[],
  reader: DerReader,
): void {
  for (const [oid, extension] of extensions) {
    if (extension.critical && !processed.includes(oid)) reader.fail(`unknown critical extension ${oid}`);
  }
}
