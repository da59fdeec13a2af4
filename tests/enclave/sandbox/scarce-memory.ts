/** Prints what comes of a contract that asks for memory it may have, on a machine that does not give it. */
import { installedQuickJs } from "#enclave/sandbox/quickjs/installed.ts";
import { rawBundle, rawManifest } from "./raw.ts";

const body = "globalThis.kept = []; for (let i = 0; i < 100; i++) kept.push(new Uint8Array(65536).fill(1)); return 0;";
const contract = await (await installedQuickJs()).load(rawBundle({ body }, { ...rawManifest, memoryPages: 256 }));
try {
  contract.instantiate().call({ call: "open", tick: 0, key: new Uint8Array(32), options: {} });
} catch (error) {
  process.stdout.write(`${String(error)}\n`);
}
