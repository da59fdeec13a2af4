/** What somebody asks of a load, and what is found at the place before the first player comes. */
import { readFile } from "node:fs/promises";
import { info } from "#client/lobby.ts";
import type { Policy } from "#attestation/policy.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import type { HostedContract } from "#protocol/control.ts";
import { isRoomId } from "#protocol/identity.ts";
import { inputFormatOf, type InputFormat } from "#protocol/input-row.ts";
import { checkManifest, lineageId } from "#protocol/manifest.ts";
import { lineagesOf } from "../lineages.ts";
import { QuestionError } from "../verify-place.ts";
import type { Bots } from "./bots/bot.ts";
import { botsOf } from "./bots/bots.ts";

export interface LoadPlan {
  readonly url: string;
  readonly policy: Policy;
  /** Name of a contract that the place hosts. */
  readonly contract: string;
  /** Of the same contract, as `phatroom build` wrote it: then players push any rows that it allows. */
  readonly manifest?: string | undefined;
  readonly players: number;
  /** Folder whose `lineages.json` says who may upgrade it; without it, nobody. */
  readonly lineages?: string | undefined;
  /** In one room; default: as many as it takes. */
  readonly perRoom?: number | undefined;
  /** An existing room for all of them. */
  readonly room?: string | undefined;
  /** After the last one has joined. */
  readonly seconds: number;
  /** Aborted, nobody else joins, and what was measured so far is the report. */
  readonly signal?: AbortSignal | undefined;
}

export const loadLimits = { players: 10_000, seconds: 3600 } as const;

/** What there is to be joined, and by whom. */
export interface Surroundings {
  readonly world: Uint8Array;
  readonly hosted: HostedContract;
  readonly lineage: Uint8Array;
  readonly bots: Bots;
}

/**
 * A load says nothing about who can be believed: world and rules are those that the place names.
 *
 * @throws QuestionError for what cannot be meant; ClientError if the place does not answer.
 */
export async function lookAround(plan: LoadPlan): Promise<Surroundings> {
  const { url, contract, manifest } = plan;
  checkPlan(plan);
  const { ready } = await info(url);
  if (ready === null) throw new QuestionError("this place has no worker at the moment");
  const hosted = ready.contracts.find(({ name }) => name === contract);
  if (hosted === undefined) {
    const names = ready.contracts.map(({ name }) => name).join(", ") || "nothing";
    throw new QuestionError(`this place does not host ${contract}; it hosts ${names}`);
  }
  const world = hexToBytes(ready.world);
  return {
    world,
    hosted,
    lineage: await lineageIn(plan.lineages, world, hosted),
    bots: botsOf(contract, await inputIn(manifest, contract)),
  };
}

/** Whom players expect to be able to replace the rules. */
async function lineageIn(folder: string | undefined, world: Uint8Array, hosted: HostedContract): Promise<Uint8Array> {
  if (folder === undefined) return lineageId(world, hexToBytes(hosted.hash));
  const known = await lineagesOf(folder, world).catch((error: Error) => {
    throw new QuestionError(error.message);
  });
  const lineage = known.find(({ first }) => first === hosted.hash);
  if (lineage === undefined)
    throw new QuestionError(`${folder} has no lineages.json in which rooms begin with this ${hosted.name}`);
  return hexToBytes(lineage.id);
}

function checkPlan({ url, players, perRoom, seconds, room }: LoadPlan): void {
  if (!URL.canParse(url) || !/^(https?|wss?):$/.test(new URL(url).protocol))
    throw new QuestionError("this is no address of a place, such as http://localhost:2567");
  if (!isCount(players, loadLimits.players)) throw new QuestionError(`1 to ${loadLimits.players} players`);
  if (perRoom !== undefined && !isCount(perRoom, loadLimits.players))
    throw new QuestionError(`1 to ${loadLimits.players} players in a room`);
  if (!(seconds >= 1 && seconds <= loadLimits.seconds)) throw new QuestionError(`1 to ${loadLimits.seconds} seconds`);
  if (room !== undefined && !isRoomId(room)) throw new QuestionError(`${room} is no room`);
}

const isCount = (value: number, max: number): boolean => Number.isInteger(value) && value >= 1 && value <= max;

async function inputIn(file: string | undefined, contract: string): Promise<InputFormat | undefined> {
  if (file === undefined) return undefined;
  const text = await readFile(file, "utf8").catch(() => {
    throw new QuestionError(`${file} cannot be read`);
  });
  let manifest;
  try {
    manifest = checkManifest(JSON.parse(text));
  } catch {
    throw new QuestionError(`${file} is no manifest`);
  }
  if (manifest.name !== contract) throw new QuestionError(`${file} is the manifest of ${manifest.name}`);
  return inputFormatOf(manifest);
}
