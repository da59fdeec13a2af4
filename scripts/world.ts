/**
 * Builds everything and runs it on this machine, with a development chain: what `npm start` does. PORT chooses the port;
 * default 2567. What rooms seal is kept in .cache/store, or where PHATROOM_STORE says; "none" keeps nothing. The chain is
 * kept in .cache/chain.sqlite; PHATROOM_CHAIN=none goes without one. PHATROOM_THREADS, a number or "cores", spreads rooms
 * over threads, and PHATROOM_LIMITS raises what one address may do, as a load needs it. PHATROOM_PAGES is where pages are
 * built and served from, instead of dist/page. The key of the world's moderator is made once, in .phatroom, beside the
 * development root.
 */
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ItemsError } from "#cli/items/items-error.ts";
import { LocalChainError, localWorkerTerms, setUpWorld, startLocalChain } from "#cli/local-chain.ts";
import { developmentModerator } from "#cli/moderator-key.ts";
import { startPlace } from "#cli/place.ts";
import { plainLine } from "#cli/plain-lines.ts";
import { stopWhenAsked } from "#cli/stop.ts";
import { chooseThreads, ThreadsError } from "#cli/threads.ts";
import { chooseStore, ConfigError, limitsIn } from "#gateway/config.ts";
import { storeTrouble } from "#gateway/store/sentences.ts";
import { StoreError } from "#protocol/store.ts";
import { encodeAddress, type AccountId } from "#rmrk/account.ts";
import { buildContracts, buildPages, contractsFolder, developmentWorld, pageFolder } from "./build.ts";
import { developmentItems } from "#cli/world/development-items.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const directory = join(root, ".phatroom");
await mkdir(directory, { recursive: true, mode: 0o700 });
const { moderator, file: moderatorKey } = await developmentModerator(directory);
const world = { ...developmentWorld, moderator };
const { port, store, threads, limits } = settings();

// What would not start is said before anything is built.
if (await isTaken(port)) portTaken();
const chain =
  process.env["PHATROOM_CHAIN"] === "none"
    ? undefined
    : await startLocalChain({ database: join(root, ".cache", "chain.sqlite"), everyMs: 1000, lag: 2 }).catch(
        (error: unknown) => {
          if (!(error instanceof LocalChainError)) throw error;
          console.error(`${error.message} Does npm start run in this folder already?
PHATROOM_CHAIN=none npm start goes without a chain.`);
          process.exit(1);
        },
      );
console.log("Building contracts and pages …");
const hashes = await buildContracts();
const page = process.env["PHATROOM_PAGES"] ?? pageFolder;
await buildPages(hashes, { world, chain: chain?.terms, out: page });

let fingerprint = "";
/** Issue what contracts award: each has to pay the chain's fees, and its items have slots to be worn in. */
const issuers: Record<string, string> = {};
const noteIssuer = (line: string): void => {
  if (!line.includes('"msg":"issuer"')) return;
  const { contract, account } = JSON.parse(line) as { readonly contract: string; readonly account: AccountId };
  if (chain !== undefined) issuers[contract] = encodeAddress(account, chain.terms.prefix);
};
const place = await startPlace({
  world,
  contracts: contractsFolder,
  directory,
  inspect: true,
  ...(threads === undefined ? {} : { threads }),
  ...(chain === undefined ? {} : { chain: { url: chain.url, terms: { ...chain.terms, ...localWorkerTerms } } }),
  gateway: {
    page,
    port,
    store,
    limits,
  },
  output(line) {
    noteIssuer(line);
    fingerprint ||= /"fingerprint":"([0-9a-f]{64})"/.exec(line)?.[1] ?? "";
    const text = plainLine(line);
    if (text !== undefined) console.error(text);
  },
}).catch((error: unknown) => {
  if (error instanceof StoreError) {
    console.error(`${storeTrouble(error)}\nPHATROOM_STORE=none npm start goes without one.`);
    process.exit(1);
  }
  if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
  return portTaken();
});

if (chain !== undefined) {
  // Rooms can be played meanwhile: what is earned waits.
  setUpWorld(chain, developmentItems(issuers)).catch((error: unknown) => {
    if (!(error instanceof ItemsError)) throw error;
    console.error(`The development chain is not set up for items: ${error.message}
Without .cache/chain.sqlite npm start begins a new chain.`);
  });
}

console.log(`
  phatroom is running:  ${place.url}

  Open it and enter Phala World; open it in a second window, and you meet yourself.
  Dot4 is behind its gate, or at ${place.url}/dot4/.
${reportsSentence()}
  DEVELOPMENT PLATFORM: it protects nothing from whoever runs this machine.
  Its root's fingerprint, for a browser on another machine:
  ${fingerprint}

  Ctrl-C stops it.
`);

/** Of the place, by the environment. What is none of them is said before anything is built. */
function settings() {
  try {
    return {
      port: choosePort(process.env["PORT"] ?? "2567"),
      store: chooseStore(undefined, process.env["PHATROOM_STORE"] ?? `sqlite:${join(root, ".cache", "store")}`),
      threads: chooseThreads(process.env["PHATROOM_THREADS"]),
      limits: limitsIn(process.env),
    };
  } catch (error) {
    if (!(error instanceof ThreadsError) && !(error instanceof ConfigError)) throw error;
    console.error(error.message);
    return process.exit(1);
  }
}

function choosePort(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= 65_535)) throw new ConfigError(`PORT must be a whole number from 0 to 65535, and not ${text}.`);
  return number;
}

async function isTaken(wanted: number): Promise<boolean> {
  const probe = createServer().listen(wanted, "127.0.0.1");
  const taken = await once(probe, "listening").then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === "EADDRINUSE",
  );
  probe.close();
  return taken;
}

function portTaken(): never {
  console.error(
    `Port ${port} is in use. Stop what runs there, or choose another: PORT=0 npm start takes any free one.`,
  );
  return process.exit(1);
}

/** Whoever runs this place keeps order in it; elsewhere that is somebody else. */
function reportsSentence(): string {
  if (store === undefined) return "";
  const here = (path: string): string => relative(process.cwd(), path) || ".";
  return `
  What players report to this world's moderator is opened by the key that was made for it, in the hub under "People here", or:
  npm run phatroom -- reports open ${here(moderatorKey)} --at ${place.url}
`;
}

stopWhenAsked(async () => {
  await place.close();
  await chain?.close();
});
