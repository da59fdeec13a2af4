/** `phatroom reports`: what players have told the world's moderator, opened by the moderator's key; and what to do about it. */
import { defineCommand } from "citty";
import { ClientError } from "#client/errors.ts";
import { chooseStore, ConfigError } from "#gateway/config.ts";
import { openStoreForReading } from "#gateway/store/open.ts";
import { storeTrouble } from "#gateway/store/sentences.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { reportDoubts } from "#protocol/report-reader.ts";
import { StoreError } from "#protocol/store.ts";
import { keepOrder, type Order } from "../keep-order.ts";
import { makeModeratorKey, readModeratorKey } from "../moderator-key.ts";
import { askForReports, attestedAt, readReports, ReportsError, type Found, type Wanted } from "../reports.ts";
import { summaries } from "../summaries.ts";
import { policyFor, QuestionError } from "../verify-place.ts";

const key = defineCommand({
  meta: { name: "key", description: "Make the key of a world's moderator; prints its public half for the world" },
  args: { file: { type: "positional", description: "Where the secret half goes", required: true } },
  async run({ args }) {
    console.log(await makeModeratorKey(args.file));
  },
});

const open = defineCommand({
  meta: { name: "open", description: "Read the reports that are sealed to a key" },
  args: {
    key: { type: "positional", description: "File with the moderator's secret key", required: true },
    at: { type: "string", description: "The address of a place that runs: whoever has the key may ask it" },
    store: { type: "string", description: "Or the store that keeps them: sqlite:<folder>, or PHATROOM_STORE" },
    world: { type: "string", description: "Only of this world: its id, 64 hex digits" },
    after: { type: "string", description: "Leave out so many of the oldest", default: "0" },
    "signed-by": {
      type: "string",
      description: "The key by which the world's enclave signs, 64 hex digits; --at asks the enclave for it",
    },
    contract: {
      type: "string",
      description: "The rules in question, by name or hash; with --at",
      default: "phala-world",
    },
    lineage: { type: "string", description: "Their lineage, 64 hex digits; default with --at: the enclave's word" },
    policy: { type: "string", description: "A file with the policy to judge by; default: development on this machine" },
  },
  async run({ args }) {
    try {
      let count = 0;
      for await (const found of reportsIn({ ...args, signedBy: args["signed-by"] })) {
        count += 1;
        console.log(lineOf(found));
      }
      console.error(count === 1 ? "1 report" : `${count} reports`);
    } catch (error) {
      console.error(sentenceOf(error));
      process.exitCode = 1;
    }
  },
});

interface Whence {
  /** A file. */
  readonly key: string;
  readonly at?: string | undefined;
  readonly store?: string | undefined;
  readonly world?: string | undefined;
  readonly after: string;
  readonly signedBy: string | undefined;
  readonly contract: string;
  readonly lineage?: string | undefined;
  readonly policy?: string | undefined;
}

/** From a place that runs, or out of a store. */
async function* reportsIn(whence: Whence): AsyncGenerator<Found> {
  const { key: file, at, store: named, world, after, signedBy, lineage } = whence;
  const wanted = { secret: await readModeratorKey(file), world, after: Number(after), signedBy, lineage };
  if (at !== undefined) return yield* askForReports(at, { ...wanted, ...(await attested(at, whence)) });
  const config = chooseStore(named, process.env["PHATROOM_STORE"]);
  if (config === undefined) throw new ReportsError("Say where they are: --at http://…, or --store sqlite:<folder>.");
  const store = await openStoreForReading(config);
  try {
    yield* readReports(store, wanted);
  } finally {
    await store.close();
  }
}

/** By which key reports are signed there; not asked of a place whose worker may be away if it is known. */
async function attested(at: string, whence: Whence): Promise<Partial<Pick<Wanted, "world" | "lineage" | "signedBy">>> {
  const { signedBy, world, contract, lineage, policy } = whence;
  if (signedBy !== undefined) return {};
  const found = await attestedAt(at, await policyFor(policy, undefined), { world, contract, lineage });
  console.error(`The enclave of world ${found.world} signs its reports by ${found.signedBy}`);
  console.error(`Asked about rules of lineage ${found.lineage}`);
  return found;
}

/** One of the moderator's orders as a sub-command. */
const orderCommand = (order: Order, description: string) =>
  defineCommand({
    meta: { name: order, description },
    args: {
      key: { type: "positional", description: "File with the moderator's secret key", required: true },
      player: { type: "positional", description: "Player id, as reports have it: 32 hex digits", required: true },
      at: { type: "string", description: "The place's address", required: true },
      room: { type: "string", description: "Only in this room; default: in all that are listed" },
      contract: { type: "string", description: "The rules that are played there", default: "phala-world" },
      policy: {
        type: "string",
        description: "A file with the policy to judge by; default: development on this machine",
      },
    },
    async run({ args: { key: file, player, at, room, contract, policy } }) {
      try {
        const secret = await readModeratorKey(file);
        const given = { url: at, policy: await policyFor(policy, undefined), secret, contract, room, order, player };
        for (const { room: where, refusal } of await keepOrder(given)) {
          console.log(`${where}: ${refusal ?? "done"}`);
          if (refusal !== null) process.exitCode = 1;
        }
      } catch (error) {
        console.error(sentenceOf(error));
        process.exitCode = 1;
      }
    },
  });

/** One line of JSON each: for a person with a pager, and for programs. */
function lineOf({ world, number, report, doubt }: Found): string {
  const lineage = report?.lineage ?? null;
  return JSON.stringify({
    world,
    number,
    ...report,
    ...(report === null ? {} : { lineage: lineage === null ? null : bytesToHex(lineage) }),
    ...(doubt === null ? {} : { doubt, because: reportDoubts[doubt] }),
  });
}

/** @throws what is a mistake of ours. */
function sentenceOf(error: unknown): string {
  if (error instanceof StoreError) return storeTrouble(error);
  if (error instanceof ClientError) return error.sentence;
  if (error instanceof ReportsError || error instanceof ConfigError || error instanceof QuestionError)
    return error.message;
  throw error;
}

export const reportsCommand = defineCommand({
  meta: { name: "reports", description: summaries.reports },
  subCommands: {
    key,
    open,
    kick: orderCommand("kick", "Send a player out for ten minutes"),
    ban: orderCommand("ban", "Keep an account out for good"),
    pardon: orderCommand("pardon", "Let an account in again"),
  },
});
