/** What the moderator's page makes of a report: what is not to be believed says so, and nobody is sent out for it. */
import { expect, test } from "vitest";
import { reportDoubts, type ReportDoubt } from "#protocol/report-reader.ts";
import type { Value } from "#protocol/value.ts";
import { filedOf } from "#world/room/moderator-desk.ts";

const said: Value = { by: "ann", about: "ben", tick: 7, messages: [{ from: "ben", tick: 6, text: "foul" }] };
const reportOf = (report: Value) => ({ room: "a", contract: "phala-world", lineage: null, report });

test("a hub's own is about somebody", () => {
  expect(filedOf({ number: 1, report: reportOf(said), doubt: null })).toEqual({
    number: 1,
    about: "ben",
    by: "ann",
    messages: ["foul"],
    other: null,
  });
});

test.for(Object.keys(reportDoubts) as ReportDoubt[])("one with %s is about nobody", (doubt) => {
  for (const report of [null, reportOf(said), reportOf("other")]) {
    const filed = filedOf({ number: 2, report, doubt });
    expect(filed).toMatchObject({ number: 2, about: null, by: null, other: reportDoubts[doubt] });
  }
});

test("what other rules say is shown as it is", () => {
  expect(filedOf({ number: 3, report: reportOf({ lost: 1 }), doubt: null })).toMatchObject({
    about: null,
    other: '{"lost":1}',
  });
});
