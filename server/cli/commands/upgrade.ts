/** `phatroom upgrade`: the rules of rooms that exist are replaced, by those whom their lineage names. */
import { readFile, writeFile } from "node:fs/promises";
import { defineCommand } from "citty";
import { ed25519 } from "@noble/curves/ed25519.js";
import { ClientError } from "#client/errors.ts";
import { info } from "#client/lobby.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { encodeUpgrade } from "#protocol/upgrade.ts";
import { lineagesOf, lineageText } from "../lineages.ts";
import { OperatorError, refusedBy } from "../operator.ts";
import { summaries } from "../summaries.ts";
import { readUpgrade, signed, statementOf, writeUpgrade } from "../upgrade-file.ts";
import { gatewayUrl, orSayWhy, withOperator } from "./operator-arguments.ts";

const key = defineCommand({
  meta: { name: "key", description: "Make a key that may sign upgrades; prints its public half for lineages.json" },
  args: { file: { type: "positional", description: "Where the secret half goes", required: true } },
  async run({ args }) {
    const { secretKey, publicKey } = ed25519.keygen();
    await writeFile(args.file, `${bytesToHex(secretKey)}\n`, { mode: 0o600, flag: "wx" });
    console.log(bytesToHex(publicKey));
  },
});

const sign = defineCommand({
  meta: { name: "sign", description: "Sign an upgrade; makes the file if it is not there" },
  args: {
    file: { type: "positional", description: "The upgrade", required: true },
    key: { type: "string", description: "File with a secret key", required: true },
    lineage: { type: "string", description: "The rooms' lineage, 64 hex digits: `upgrade lineages` says it" },
    from: { type: "string", description: "Contract hash of the rules they have" },
    to: { type: "string", description: "Contract hash of the rules to come" },
    number: { type: "string", description: "One more than the lineage's upgrade before", default: "1" },
    notice: { type: "string", description: "Hours of running play before it takes place" },
  },
  run: ({ args }) =>
    orSayWhy(async () => {
      const upgrade = (await readUpgrade(args.file)) ?? { ...statementOf(args), signatures: [] };
      const more = signed(upgrade, await readFile(args.key, "utf8"), `what ${args.key} holds`);
      await writeUpgrade(args.file, more);
      console.log(
        `${args.file} has ${more.signatures.length === 1 ? "a signature" : `${more.signatures.length} signatures`}`,
      );
    }),
});

const lineages = defineCommand({
  meta: {
    name: "lineages",
    description: "Say which lineages a worker's folder of contracts names; --lineage takes one",
  },
  args: {
    folder: { type: "positional", description: "The folder: lineages.json is in it", required: true },
    url: gatewayUrl,
    world: { type: "string", description: "The world, 64 hex digits, instead of asking a gateway" },
  },
  run: ({ args }) =>
    orSayWhy(async () => {
      const found = await lineagesOf(args.folder, await worldOf(args.world, args.url)).catch((error: Error) => {
        throw new OperatorError("question", error.message);
      });
      if (found.length === 0)
        throw new OperatorError(
          "question",
          `${args.folder} has no lineages.json: nobody may replace the rules of any room.`,
        );
      for (const lineage of found) console.log(lineageText(lineage));
    }),
});

async function worldOf(world: string | undefined, url: string): Promise<Uint8Array> {
  if (world !== undefined) {
    if (!/^[0-9a-f]{64}$/.test(world)) throw new OperatorError("question", "--world must be 64 hex digits.");
    return hexToBytes(world);
  }
  const place = await info(url).catch((error: unknown) => {
    throw error instanceof ClientError ? new OperatorError(error.code, `${url}: ${error.sentence}`) : error;
  });
  if (place.ready === null) throw new OperatorError("worker-lost", `${url} has no worker at the moment; say --world.`);
  return hexToBytes(place.ready.world);
}

const apply = defineCommand({
  meta: { name: "apply", description: "Announce a signed upgrade: players are told, and the notice begins" },
  args: {
    file: { type: "positional", description: "The upgrade", required: true },
    room: { type: "string", description: "Only this room; otherwise every one that it fits" },
    url: gatewayUrl,
  },
  run: ({ args }) =>
    withOperator(args.url, async (operator) => {
      const upgrade = await readUpgrade(args.file);
      if (upgrade === undefined)
        throw new OperatorError("question", `There is no file ${args.file}: \`phatroom upgrade sign\` writes it.`);
      const { announced, refused } = await operator.upgrade(bytesToHex(encodeUpgrade(upgrade)), args.room);
      console.log(`announced in ${announced} ${announced === 1 ? "room" : "rooms"}`);
      for (const [code, rooms] of Object.entries(refused)) console.log(refusedBy(rooms, code));
      if (announced === 0 && Object.keys(refused).length === 0) console.log("no worker of this gateway has a room");
      if (announced === 0) process.exitCode = 1;
    }),
});

export const upgradeCommand = defineCommand({
  meta: { name: "upgrade", description: summaries.upgrade },
  subCommands: { key, lineages, sign, apply },
});
