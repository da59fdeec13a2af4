/** Distinguished names (RFC 5280 section 4.1.2.4). They are compared as bytes; the text is for people and for roles. */
import { type DerReader, tags } from "./der.ts";

export interface Name {
  readonly der: Uint8Array;
  /** Empty if there is none. */
  readonly commonName: string;
  /** Empty if there is none. */
  readonly organisation: string;
}

/** 2.5.4.3 */
const commonNameOid = "550403";
/** 2.5.4.10 */
const organisationOid = "55040a";

export function readName(reader: DerReader): Name {
  const { whole } = reader.element(tags.sequence);
  // Read twice, so that the name's own bytes are kept for comparison.
  const attributes = readAttributes(reader.over(whole));
  return {
    der: whole,
    commonName: attributes.get(commonNameOid) ?? "",
    organisation: attributes.get(organisationOid) ?? "",
  };
}

function readAttributes(reader: DerReader): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  const sequence = reader.inside(tags.sequence);
  while (!sequence.done) {
    const set = sequence.inside(tags.set);
    const attribute = set.inside(tags.sequence);
    set.end();
    const oid = attribute.oid();
    if (attributes.has(oid)) attribute.fail("a name with an attribute twice");
    attributes.set(oid, readText(attribute));
    attribute.end();
  }
  return attributes;
}

function readText(reader: DerReader): string {
  const tag = reader.next === tags.printableString ? tags.printableString : tags.utf8String;
  const contents = reader.contents(tag);
  if (!contents.every((byte) => byte >= 0x20 && byte <= 0x7e)) reader.fail("a name that is not ASCII");
  return String.fromCharCode(...contents);
}
