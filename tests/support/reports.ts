/** A world with a moderator, as tests of reports have it: who seals, who signs, and who reads. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { Reports, type NewReport } from "#enclave/moderation/reports.ts";
import { ReportReader, type ReaderTerms } from "#protocol/report-reader.ts";
import type { Sealing } from "#protocol/report.ts";
import type { Store } from "#protocol/store.ts";

const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

export const world = fill(1);
export const lineage = fill(2);
/** Only the world's workers have it. */
export const worldKey = fill(3);
/** The moderator's. */
export const secret = fill(11);
export const moderator = ed25519.getPublicKey(secret);
export const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

export const reportOf = (report: NewReport["report"] = { by: "ann", messages: [{ text: "foul" }] }): NewReport => ({
  room: "aa".repeat(10),
  contract: "phala-world",
  lineage,
  report,
});

/** A worker of this world. @param key the moderator's. */
export const workerOn = (store: Store | undefined, key: Uint8Array | undefined = moderator): Reports =>
  new Reports({ world, worldKey, moderator: key, store: () => store, random });

export const { key: reportKey } = workerOn(undefined);

/** What whoever keeps the store can do: everything but sign. */
export const madeUp = (more: Partial<Sealing> = {}): Sealing => ({
  moderator,
  ephemeral: random(32),
  world,
  signer: fill(99),
  ...more,
});

export const readerWith = (more: Partial<ReaderTerms> = {}): ReportReader =>
  new ReportReader({ world, secret, reportKey, lineage, ...more });
