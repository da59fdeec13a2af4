/** The 32 bytes that a development machine is made of, drawn at first start and kept in a file only its owner may read. */
import { randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { PlatformError } from "../platform.ts";

const seedFile = "development-seed";
const seedPattern = /^[0-9a-f]{64}\n$/;

/**
 * Reads the seed in this directory, or makes one. Several workers may start at once: the first file that is complete
 * stays, and all of them read it.
 *
 * @throws PlatformError "platform-unavailable" if there is a file that holds no seed.
 */
export async function loadSeed(directory: string): Promise<Uint8Array> {
  const path = join(directory, seedFile);
  const text = (await read(path)) ?? (await create(directory, path));
  if (!seedPattern.test(text)) {
    throw new PlatformError("platform-unavailable", `${path} is damaged; remove it to make a new development root`);
  }
  return new Uint8Array(Buffer.from(text.trim(), "hex"));
}

async function create(directory: string, path: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}`;
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(`${randomBytes(32).toString("hex")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // Unlike a rename, this never replaces a file that another worker has put there meanwhile.
    await link(temporary, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    await unlink(temporary);
  }
  return readFile(path, "utf8");
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;
