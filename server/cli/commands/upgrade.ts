/** `phatroom upgrade`: the rules of rooms that exist are replaced, by those whom their lineage names. */
import { readFile, writeFile } from "node:fs/promises";
import { defineCommand } from "citty";
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToHex } from "#protocol/bytes.ts";
import { encodeUpgrade } from "#protocol/upgrade.ts";
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
    lineage: { type: "string", description: "The rooms' lineage, 64 hex digits" },
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
  subCommands: { key, sign, apply },
});
