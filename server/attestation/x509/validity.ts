/** Time in certificates and lists (RFC 5280 section 4.1.2.5). */
import { parseGeneralizedTime, parseUtcTime } from "../time.ts";
import { type DerReader, tags } from "./der.ts";

/** Unix seconds. */
export function readTime(reader: DerReader): number {
  const general = reader.next === tags.generalizedTime;
  const contents = reader.contents(general ? tags.generalizedTime : tags.utcTime);
  const text = String.fromCharCode(...contents.subarray(0, 16));
  const seconds = contents.length > 15 ? undefined : general ? parseGeneralizedTime(text) : parseUtcTime(text);
  return seconds ?? reader.fail("time");
}
