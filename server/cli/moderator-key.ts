/** The key of a world's moderator: reports are sealed to it, and whoever plays with it keeps order in the hub. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { ReportsError } from "./reports.ts";

/** What a place keeps it as, beside its development root. */
const fileName = "moderator.key";

/**
 * Makes a key. The secret half goes into this file, for its owner alone; nothing is overwritten.
 *
 * @returns the public half, 64 hex digits, for the world.
 * @throws the system's error if the file is there already or cannot be written.
 */
export async function makeModeratorKey(file: string): Promise<string> {
  const { secretKey, publicKey } = ed25519.keygen();
  await writeFile(file, `${bytesToHex(secretKey)}\n`, { mode: 0o600, flag: "wx" });
  return bytesToHex(publicKey);
}

/**
 * The secret half.
 *
 * @throws ReportsError for a file that holds none; the system's error for one that cannot be read.
 */
export async function readModeratorKey(file: string): Promise<Uint8Array> {
  const secret = (await readFile(file, "utf8")).trim();
  if (!/^[0-9a-f]{64}$/.test(secret))
    throw new ReportsError(`${file} holds no key: 64 hex digits, as \`phatroom reports key\` writes them.`);
  return hexToBytes(secret);
}

/** The one of a place for development: made at its first start, the same ever after. @throws as `readModeratorKey`. */
export async function developmentModerator(
  folder: string,
): Promise<{ readonly moderator: string; readonly file: string }> {
  const file = join(folder, fileName);
  const made = await makeModeratorKey(file).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
    throw error;
  });
  const moderator = made ?? bytesToHex(ed25519.getPublicKey(await readModeratorKey(file)));
  return { moderator, file };
}
