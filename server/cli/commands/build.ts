/** `phatroom build`: one contract to the files a worker serves, and the hash players check; what its calls cost. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defineCommand } from "citty";
import type { Call } from "#contract/abi.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { encodeManifest } from "#protocol/manifest.ts";
import { decodeRecording } from "#testing/recording.ts";
import { BuildError, buildContract, type BuiltContract } from "../build-contract.ts";
import { profile } from "../profile/measure.ts";
import { playedByItself } from "../profile/play.ts";
import { profileText } from "../profile/text.ts";
import { summaries } from "../summaries.ts";

export const buildCommand = defineCommand({
  meta: { name: "build", description: summaries.build },
  args: {
    entry: { type: "positional", description: "The contract: TypeScript, assembly/*.ts or *.wasm", required: true },
    out: { type: "string", description: "Folder for the files", default: "dist/contracts" },
    profile: {
      type: "string",
      valueHint: "[recording]",
      description: 'Also say what calls cost: those of a recording, or "play" for a short game without moves',
    },
  },
  async run({ args }) {
    try {
      const built = await writeContract(args.entry, args.out);
      if (args.profile !== undefined) console.log(`\n${await profiled(built, args.profile)}`);
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      console.error(error.message);
      process.exitCode = 1;
    }
  },
});

async function writeContract(entry: string, folder: string): Promise<BuiltContract> {
  const built = await buildContract(entry);
  const { bundle, suffix, sourceMap, manifest, predict, hash } = built;
  const path = join(folder, manifest.name);
  await mkdir(folder, { recursive: true });
  await writeFile(`${path}${suffix}`, bundle);
  await writeFile(`${path}.manifest.json`, encodeManifest(manifest));
  if (sourceMap !== "") await writeFile(`${path}.map`, sourceMap);
  if (predict !== undefined) await writeFile(`${path}.predict.wasm`, predict);
  console.log(`${manifest.name}  ${(bundle.length / 1024).toFixed(1)} KB  ${hash}`);
  return built;
}

/** @param recording a file, or "play". */
async function profiled({ bundle, sourceMap }: BuiltContract, recording: string): Promise<string> {
  const contract = await (await contractEngine()).load(bundle, sourceMap === "" ? {} : { sourceMap });
  return profileText(profile(contract, await callsOf(contract, recording)));
}

async function callsOf(contract: LoadedContract, recording: string): Promise<readonly Call[]> {
  if (recording === "play" || recording === "") return playedByItself(contract);
  let text: string;
  try {
    text = await readFile(recording, "utf8");
  } catch {
    throw new BuildError(`there is no recording ${recording}`);
  }
  try {
    return decodeRecording(text);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new BuildError(`${recording} is no recording: ${error.message}`);
  }
}
