/** Signed statements whose members are missing or of another form than Intel's are refused, member by member. */
import { expect, test } from "vitest";
import { type Forgery, verifyForged } from "./forge.ts";

type Info = Parameters<NonNullable<Forgery["tcbInfo"]>>[0];
type Identity = Parameters<NonNullable<Forgery["qeIdentity"]>>[0];

const without = <T extends object>(statement: T, name: keyof T): object =>
  Object.fromEntries(Object.entries(statement).filter(([key]) => key !== name));
const info = (change: (info: Info) => object): Forgery => ({ tcbInfo: change });
const identity = (change: (identity: Identity) => object): Forgery => ({ qeIdentity: change });
const level = (change: object): Forgery =>
  info((given) => ({ ...given, tcbLevels: [{ ...given.tcbLevels[0], ...change }] }));
const tcb = (change: object): Forgery =>
  info((given) => ({
    ...given,
    tcbLevels: [{ ...given.tcbLevels[0], tcb: { ...given.tcbLevels[0]!.tcb, ...change } }],
  }));

test.for([
  ["no model", info((given) => without(given, "fmspc"))],
  ["no end", info((given) => without(given, "nextUpdate"))],
  ["no levels", info((given) => without(given, "tcbLevels"))],
  ["no TDX module", info((given) => without(given, "tdxModule"))],
  ["levels that are no list", info((given) => ({ ...given, tcbLevels: { length: 0 } }))],
  [
    "more levels than there are",
    info((given) => ({ ...given, tcbLevels: Array.from({ length: 129 }, () => given.tcbLevels[0]) })),
  ],
  ["a level that is null", info((given) => ({ ...given, tcbLevels: [null] }))],
  ["a level that is text", info((given) => ({ ...given, tcbLevels: ["UpToDate"] }))],
  ["a number for text", info((given) => ({ ...given, id: 1 }))],
  ["a model of five bytes", info((given) => ({ ...given, fmspc: "de0c0000de" }))],
  ["a model that is not hexadecimal", info((given) => ({ ...given, fmspc: "de0c0000dexx" }))],
  ["a round below zero", info((given) => ({ ...given, tcbEvaluationDataNumber: -1 }))],
  ["half a round", info((given) => ({ ...given, tcbEvaluationDataNumber: 1.5 }))],
  ["a round in text", info((given) => ({ ...given, tcbEvaluationDataNumber: "17" }))],
  ["a version beyond a byte", tcb({ sgxtcbcomponents: Array.from({ length: 16 }, () => ({ svn: 256 })) })],
  ["no TD components", tcb({ tdxtcbcomponents: undefined })],
  ["an advisory that is none", level({ advisoryIDs: ["<b>none</b>"] })],
  ["an advisory that is a number", level({ advisoryIDs: [615] })],
  ["QE identity of version 1", identity((given) => ({ ...given, version: 1 }))],
  ["QE identity of version 4", identity((given) => ({ ...given, version: 4 }))],
  ["QE identity without a signer", identity((given) => without(given, "mrsigner"))],
  ["a mask of another length", identity((given) => ({ ...given, attributesMask: "ff" }))],
] as const)("refused: %s", async ([, forgery]) => {
  await expect(verifyForged(forgery)).rejects.toMatchObject({ code: "collateral-malformed" });
});

test("QE identity of version 3 is read as version 2", async () => {
  await expect(verifyForged(identity((given) => ({ ...given, version: 3 })))).resolves.toBeDefined();
});

test("hexadecimal of either case is read", async () => {
  const capitals = info((given) => ({ ...given, fmspc: given.fmspc.toUpperCase() }));
  await expect(verifyForged(capitals)).resolves.toMatchObject({ fmspc: "de0c0000dead" });
});
