/** Upgrades as bytes: signed by nobody, by one key, and by two whose signatures were given the other way round. */
import { decodeUpgrade, encodeUpgrade, signUpgrade, upgradeMessage, type Upgrade } from "#protocol/upgrade.ts";
import type { Case } from "./protocol-cases.ts";

export const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

const statement = { lineage: fill(1), from: fill(2), to: fill(3), number: 7, noticeMs: 86_400_000 };
const signed = [4, 5].map((secret) => signUpgrade(statement, fill(secret)));
const ascending = (upgrade: Upgrade): Upgrade => decodeUpgrade(encodeUpgrade(upgrade));

const upgradeOf = (name: string, upgrade: Upgrade): Case => {
  const bytes = encodeUpgrade(upgrade);
  return { name, input: ascending(upgrade), bytes, read: decodeUpgrade(bytes) };
};

export const upgradeCases = (): readonly Case[] => [
  { name: "what is signed", input: statement, bytes: upgradeMessage(statement) },
  upgradeOf("unsigned", { ...statement, signatures: [] }),
  upgradeOf("signed once", { ...statement, signatures: signed.slice(0, 1) }),
  upgradeOf("signed twice", { ...statement, signatures: signed.toReversed() }),
];
