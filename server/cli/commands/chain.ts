/** `phatroom chain`: a development chain on this machine, with funded accounts. */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { defineCommand } from "citty";
import { stopWhenAsked } from "../stop.ts";
import { summaries } from "../summaries.ts";
import type { Finality } from "#chain/devnet/chain.ts";
import type { Sealing } from "#chain/devnet/sealing.ts";
import type { Devnet, DevnetOptions } from "#chain/devnet/start.ts";

export const chainCommand = defineCommand({
  meta: { name: "chain", description: summaries.chain },
  args: {
    port: { type: "string", description: "Where it listens; 0 lets the system choose", default: "9944" },
    spec: { type: "string", description: "A raw chain specification, .json or .json.gz; else Asset Hub of 2022" },
    mode: {
      type: "string",
      description: "When blocks are made: instant, manual, or every so many ms",
      default: "instant",
    },
    finality: { type: "string", description: "instant, manual, or how many blocks later", default: "instant" },
    terms: { type: "string", description: "Writes what a worker's configuration says of this chain into a file" },
    nfts: { type: "boolean", description: "With --terms: items are those of pallet-nfts, not RMRK's", default: false },
    db: { type: "string", description: "A file that keeps the chain; else it is gone when it stops" },
  },
  async run({ args }) {
    const port = Number(args.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return fail(`There is no port ${args.port}.`);
    const sealing = readSealing(args.mode);
    if (sealing === undefined) return fail("--mode takes instant, manual, or milliseconds above zero.");
    const finality = readFinality(args.finality);
    if (finality === undefined) return fail("--finality takes instant, manual, or a number of blocks.");
    const net = await started({
      port,
      sealing,
      finality,
      spec: args.spec,
      database: args.db === undefined ? undefined : resolve(args.db),
      failed: (error) => console.error(error instanceof Error ? error.message : error),
      log: ({ level, target, text }) => {
        if (level === 0) console.error(`runtime: ${target}: ${text}`);
      },
    });
    if (net === undefined) return;
    // Whoever follows it needs a first block, and would wait for one that only a transaction makes.
    if (sealing === "instant" && net.chain.best.number === 0) net.chain.newBlock();
    stopWhenAsked(() => net.close());
    try {
      if (args.terms !== undefined) await writeTerms(net, args.terms, args.nfts);
    } catch (error) {
      await net.close();
      throw error;
    }
    console.log(await welcome(net, args.mode, args.finality, args.db));
  },
});

const longestMs = 24 * 60 * 60 * 1000;

function readSealing(mode: string): Sealing | undefined {
  if (mode === "instant" || mode === "manual") return mode;
  const everyMs = Number(mode);
  return Number.isInteger(everyMs) && everyMs > 0 && everyMs <= longestMs ? { everyMs } : undefined;
}

function readFinality(finality: string): Finality | undefined {
  if (finality === "instant" || finality === "manual") return finality;
  return /^\d{1,3}$/.test(finality) ? { lag: Number(finality) } : undefined;
}

/** What whoever typed it can do about it. */
const remedies: Readonly<Record<string, string>> = {
  "port-in-use": "Choose another: --port 0 takes any free one.",
  "database-in-use": "Stop it, or name another file with --db.",
  "database-damaged": "Name another file with --db, or remove this one to begin anew.",
  "database-unreachable": "Its folder has to be there, and yours to write in; or name another file with --db.",
  "database-of-another-chain": "Name another file with --db, or the specification that it was begun with.",
};

/** Loads the chain only now. Says what is wrong; undefined if it did not start. */
async function started(options: DevnetOptions): Promise<Devnet | undefined> {
  const [{ startDevnet }, { DevnetError }] = await Promise.all([
    import("#chain/devnet/start.ts"),
    import("#chain/devnet/errors.ts"),
  ]);
  try {
    return await startDevnet(options);
  } catch (error) {
    if (!(error instanceof DevnetError)) throw error;
    fail([error.message, remedies[error.code]].filter(Boolean).join(" "));
    return undefined;
  }
}

/** The member `chain` of a worker's configuration. */
async function writeTerms({ chain }: Devnet, file: string, nfts: boolean): Promise<void> {
  const [{ developmentChainTerms }, { localWorkerTerms }] = await Promise.all([
    import("../chain-terms.ts"),
    import("../local-chain.ts"),
  ]);
  const terms = {
    ...developmentChainTerms(chain),
    ...localWorkerTerms,
    // Enough to redeem a few items with.
    ...(nfts ? { nfts: { givenBelow: "1000000000000", deadlines: "own" } } : {}),
  };
  await writeFile(file, `${JSON.stringify(terms, undefined, 2)}\n`);
}

async function welcome(
  { url, chain }: Devnet,
  mode: string,
  finality: string,
  file: string | undefined,
): Promise<string> {
  const { developmentAccounts } = await import("#chain/devnet/genesis/accounts.ts");
  const { specName, specVersion } = chain.runtime(chain.best).version;
  const when =
    mode === "instant" ? "when there is a transaction" : mode === "manual" ? "on dev_newBlock" : `every ${mode} ms`;
  const final =
    finality === "instant" ? "at once" : finality === "manual" ? "on dev_finalize" : `${finality} blocks later`;
  return `
  ${chain.spec.name} is running:  ${url}
  runtime ${specName} ${specVersion}, block ${chain.best.number}, genesis ${chain.genesisHash}

  Blocks are made ${when}, and final ${final}. ${file === undefined ? "Nothing is kept: --db <file> keeps it." : `It is kept in ${file}.`}
  Funded: ${Object.keys(developmentAccounts).join(", ")} (//Alice and so on: everybody knows their keys).

  DEVELOPMENT CHAIN: whoever reaches this address decides what is on it.
  Ctrl-C stops it.
`;
}

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}
