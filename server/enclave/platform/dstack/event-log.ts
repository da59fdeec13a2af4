/** The agent's event log as clients need it: what its digests do not cover, and what can be computed again, is left out. */
import { parseEventLog, runtimeRegister } from "#attestation/dstack/event-log.ts";
import { utf8ToBytes } from "#protocol/bytes.ts";
import { encodeAscii } from "./guest-agent.ts";

/**
 * A third of the agent's bytes, which leads to the same registers.
 *
 * @throws AttestationError "event-log-malformed", "event-log-digest"; SyntaxError if it is no JSON.
 */
export function trimEventLog(text: string): Uint8Array {
  const entries = JSON.parse(text) as unknown;
  const ascii = utf8ToBytes(encodeAscii(entries));
  parseEventLog(ascii);
  return utf8ToBytes(encodeAscii((entries as readonly Entry[]).map(trim)));
}

/** As `parseEventLog` has found it. */
interface Entry {
  readonly imr: number;
  readonly event_type: number;
  readonly digest?: string;
  readonly event: string;
  readonly event_payload: string;
  readonly version?: number;
}

function trim({ imr, event_type, digest, event, event_payload, version }: Entry): Entry {
  if (imr !== runtimeRegister) return { imr, event_type, digest: digest ?? "", event, event_payload: "" };
  return { imr, event_type, event, event_payload, ...(version === undefined ? {} : { version }) };
}
