/** Genuine answers of dstack's guest agent: their logs lead to the registers of their quotes. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseEventLog } from "#attestation/dstack/event-log.ts";
import { checkReplay, type Registers } from "#attestation/dstack/replay.ts";
import { readDstack } from "#attestation/dstack/claims.ts";
import { parseTdxQuote } from "#attestation/tdx/quote.ts";
import { bytesToHex, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";

const folder = process.env["PHATROOM_VECTORS"] ?? "$PHATROOM_VECTORS";
const pathOf = (name: string): string => join(folder, "evidence", `${name}.json`);

const samples = [
  {
    name: "dstack_quote-report",
    composeHash: "3763bc34552cf3a27ff71ad5f7a90471562a1a2df552dfc1998cba2d60da27e7",
  },
  {
    name: "dstack_tdx-lite-getquote",
    composeHash: "86b0e55f2fa8e4fb69d890f14f54d5612707646e2573d54e0d2ddaaade77caa9",
  },
] as const;

describe.for(samples)("$name", ({ name, composeHash }) => {
  const missing = !existsSync(pathOf(name));
  const note = missing ? ` (skipped: ${pathOf(name)} is missing)` : "";
  const load = () => {
    const { quote, event_log } = JSON.parse(readFileSync(pathOf(name), "utf8")) as { quote: string; event_log: string };
    const { mrTd, rtmr } = parseTdxQuote(hexToBytes(quote)).report;
    const registers = rtmr.map(bytesToHex) as unknown as Registers;
    return { eventLog: utf8ToBytes(event_log), mrtd: bytesToHex(mrTd), registers };
  };

  test.skipIf(missing)(`its log leads to all four registers${note}`, () => {
    const { eventLog, registers } = load();
    expect(() => checkReplay(parseEventLog(eventLog), registers)).not.toThrow();
  });

  test.skipIf(missing)(`its log names the compose file that was measured${note}`, () => {
    const { eventLog } = load();
    const found = parseEventLog(eventLog).find(({ name: event }) => event === "compose-hash");
    expect(bytesToHex(found!.payload)).toBe(composeHash);
  });

  test.skipIf(missing)(`its log with one event fewer leads elsewhere${note}`, () => {
    const { eventLog, registers } = load();
    const events = parseEventLog(eventLog);
    for (const i of events.keys()) {
      expect(() => checkReplay(events.toSpliced(i, 1), registers)).toThrow(
        expect.objectContaining({ code: "event-log-mismatch" }),
      );
    }
  });

  test.skipIf(missing)(`everything fits but another compose file${note}`, () => {
    const { eventLog, mrtd, registers } = load();
    const [rtmr0, rtmr1, rtmr2, rtmr3] = registers;
    const read = () => readDstack({ eventLog, appCompose: utf8ToBytes("{}") }, { mrtd, rtmr0, rtmr1, rtmr2, rtmr3 });
    // Its own is not published with it; all that comes before the comparison has passed.
    expect(read).toThrow(expect.objectContaining({ code: "compose-mismatch" }));
  });
});
