/** `phatroom replay <log>`: repeats a room from its log and says whether everything fits. */
import { readFile } from "node:fs/promises";
import { defineCommand } from "citty";
import { AuditError, auditErrors } from "#audit/errors.ts";
import { momentAt, type MomentReport } from "#audit/moment.ts";
import { replay } from "#audit/replay.ts";
import type { Report } from "#audit/report.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { BuildError } from "../build-error.ts";
import { AuditQuestionError } from "../audit/audit-question-error.ts";
import { givenContract, givenContracts, givenTerms, isSource } from "../audit/given-contract.ts";
import { inspectedContract } from "../audit/inspected-contract.ts";
import { factorOf, momentText, reportText } from "../audit/report-text.ts";
import { zstd } from "../audit/zstd.ts";
import { summaries } from "../summaries.ts";

export const replayCommand = defineCommand({
  meta: { name: "replay", description: summaries.replay },
  args: {
    log: { type: "positional", description: "A log as `phatroom export` writes it", required: true },
    contract: { type: "string", description: "The rules: a bundle, or the source it is built from", required: true },
    later: { type: "string", description: "Rules that the room was upgraded to, separated by commas" },
    lineages: { type: "string", description: "Folder whose lineages.json says who may upgrade it" },
    head: { type: "string", description: "The head that the enclave told the players, 64 hex digits" },
    at: { type: "string", description: "Look at the room right after this record" },
    json: { type: "boolean", description: "The report as JSON", default: false },
  },
  async run({ args }) {
    const print = (value: unknown, text: () => string): void =>
      console.log(args.json ? JSON.stringify(value, hexOfBytes, 2) : text());
    try {
      const log = await readLog(args.log);
      const head = parseHead(args.head);
      const contract = await givenContract(args.contract);
      const later = await givenContracts(args.later);
      const terms = args.lineages === undefined ? undefined : await givenTerms(args.lineages, contract);
      const options = {
        later,
        ...(head === undefined ? {} : { head }),
        ...(terms === undefined ? {} : { terms }),
        decompress: zstd,
      };
      if (args.at === undefined) {
        const began = performance.now();
        const report = replay(log, contract, options);
        const ms = performance.now() - began;
        print({ ...report, replayMs: ms, factor: factorOf(report, ms) }, () => reportText(report, ms));
        if (!report.accepted) process.exitCode = 1;
        return;
      }
      const given = [args.contract, ...(args.later ?? "").split(",").filter(Boolean)];
      const rules = [contract, ...later].map((loaded, i) => ({ loaded, path: given[i]! }));
      const { report, moment, unseen } = await lookAt(log, rules, parseIndex(args.at));
      print(moment, () => momentText(moment, unseen));
      if (!report.accepted) {
        console.error(`\n${reportText(report, 0)}`);
        process.exitCode = 1;
      }
    } catch (error) {
      const { code, sentence } = spoken(error);
      if (args.json) console.log(JSON.stringify({ accepted: false, code, sentence }, undefined, 2));
      else console.error(sentence);
      process.exitCode = 1;
    }
  },
});

async function readLog(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch {
    throw new AuditQuestionError(`${path} cannot be read.`);
  }
}

function parseHead(text: string | undefined): Uint8Array | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new AuditQuestionError("A head has 64 hex digits.");
  return hexToBytes(text);
}

function parseIndex(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new AuditQuestionError("--at takes the number of a record, from 0 on.");
  return Number(text);
}

interface LookedAt {
  /** Of the rules as they were given, without a look inside. */
  readonly report: Report;
  readonly moment: MomentReport;
  /** Why there is no state to see. */
  readonly unseen: string | undefined;
}

interface GivenRules {
  readonly loaded: LoadedContract;
  readonly path: string;
}

/**
 * @param rules those that the room began with, then those that it was upgraded to.
 * @throws AuditQuestionError if no boundary is recorded there.
 */
async function lookAt(log: Uint8Array, rules: readonly GivenRules[], index: number): Promise<LookedAt> {
  const inspected = await Promise.all(
    rules.map(async ({ loaded, path }) =>
      isSource(path) && !path.includes("assembly/") ? await inspectedContract(path, loaded) : undefined,
    ),
  );
  const [first, ...later] = rules.map(({ loaded }) => loaded) as [LoadedContract, ...LoadedContract[]];
  const report = replay(log, first, { later, decompress: zstd });
  const [seen, ...seenLater] = rules.map(({ loaded }, i) => inspected[i]?.contract ?? loaded);
  const { moment } = momentAt(log, seen ?? first, index, {
    later: seenLater,
    decompress: zstd,
    state: (contract) => inspected.find((one) => one?.contract === contract)?.state(),
  });
  if (moment === undefined) {
    if (!report.accepted) throw new AuditQuestionError(reportText(report, 0));
    throw new AuditQuestionError(`Record ${index} holds no boundary: it opens the room, ends the log or is not there.`);
  }
  const unseen =
    moment.state === undefined ? "to be seen if the rules are given as their source in TypeScript" : undefined;
  return { report, moment, unseen };
}

/** @throws what is a mistake of ours. */
function spoken(error: unknown): { readonly code: string; readonly sentence: string } {
  if (error instanceof AuditError)
    return { code: error.code, sentence: `${auditErrors[error.code]} (${error.detail})` };
  if (error instanceof AuditQuestionError || error instanceof BuildError) {
    return { code: "question", sentence: error.message };
  }
  throw error;
}

const hexOfBytes = (_: string, value: unknown): unknown => (value instanceof Uint8Array ? bytesToHex(value) : value);
