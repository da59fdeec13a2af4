/** `phatroom export <room>`: a room's log as a file, for `phatroom replay`. */
import { writeFile } from "node:fs/promises";
import { defineCommand } from "citty";
import { encodeLogFile, type RoomLogFile } from "#audit/log-file.ts";
import { chooseStore, ConfigError } from "#gateway/config.ts";
import { openStoreForReading } from "#gateway/store/open.ts";
import { storeTrouble } from "#gateway/store/sentences.ts";
import type { RoomId } from "#protocol/identity.ts";
import { isReveal } from "#protocol/revealed.ts";
import { StoreError } from "#protocol/store.ts";
import { AuditQuestionError } from "../audit/audit-question-error.ts";
import { developmentLog } from "../audit/development-log.ts";
import { checkRoom, recordsFrom, recordsIn, revealedLog } from "../audit/export-log.ts";
import { givenContract, givenTerms } from "../audit/given-contract.ts";
import { summaries } from "../summaries.ts";

export const exportCommand = defineCommand({
  meta: { name: "export", description: summaries.export },
  args: {
    room: { type: "positional", description: "The room: 20 hex digits", required: true },
    from: { type: "string", description: "A place that gives revealed logs away: its address" },
    store: { type: "string", description: "The store that keeps it: sqlite:<folder>, or PHATROOM_STORE" },
    out: { type: "string", description: "The file; default: <room>.phatlog" },
    development: {
      type: "string",
      valueHint: "folder",
      description: "Any room of a development platform, with its keys: where the platform keeps its seed (.phatroom)",
    },
    contract: {
      type: "string",
      description: "With --development: the rules that the room began with, a bundle or its source",
    },
    lineages: {
      type: "string",
      valueHint: "folder",
      description: "With --development: the folder whose lineages.json says who may upgrade these rules",
    },
    world: { type: "string", description: "With --development: the world's name; default: as `phatroom dev` names it" },
  },
  async run({ args }) {
    try {
      const room = checkRoom(args.room);
      const file =
        args.from === undefined ? await fromStore(room, args) : revealedLog(await recordsFrom(args.from, room));
      const path = args.out ?? `${room}.phatlog`;
      const bytes = encodeLogFile(file);
      await writeFile(path, bytes);
      console.log(`${path}  ${file.records.length} records, ${(bytes.length / 1024).toFixed(1)} KB`);
    } catch (error) {
      console.error(sentenceOf(error));
      process.exitCode = 1;
    }
  },
});

interface StoreQuestion {
  readonly store?: string | undefined;
  readonly development?: string | undefined;
  readonly contract?: string | undefined;
  readonly world?: string | undefined;
  readonly lineages?: string | undefined;
}

async function fromStore(room: RoomId, { store: text, development, ...given }: StoreQuestion): Promise<RoomLogFile> {
  const config = chooseStore(text, process.env["PHATROOM_STORE"]);
  if (config === undefined)
    throw new AuditQuestionError("Say where it is: --from <address>, or --store sqlite:<folder>.");
  const store = await openStoreForReading(config);
  try {
    const { chain, records } = await recordsIn(store, room);
    if (development === undefined || isReveal(records.at(-1)!)) return revealedLog(records);
    if (given.contract === undefined)
      throw new AuditQuestionError("With --development say --contract <bundle or source>, too.");
    const contract = await givenContract(given.contract);
    const world = given.world ?? `${contract.manifest.name} development`;
    const terms = given.lineages === undefined ? {} : { terms: await givenTerms(given.lineages, contract) };
    return await developmentLog({
      directory: development,
      world,
      contract,
      ...terms,
      room,
      chain: chain.chain,
      records,
    });
  } finally {
    await store.close();
  }
}

/** @throws what is a mistake of ours. */
function sentenceOf(error: unknown): string {
  if (error instanceof StoreError) return storeTrouble(error);
  if (error instanceof AuditQuestionError || error instanceof ConfigError) return error.message;
  throw error;
}
