/** C to WebAssembly with the system's compiler, where it is installed: Debian's packages `clang` and `lld`. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const runs = (tool: string): boolean => spawnSync(tool, ["--version"], { stdio: "ignore" }).status === 0;

/** What a machine lacks to build C, by name; empty if it lacks nothing. */
export const missingForC: readonly string[] = ["clang", "wasm-ld"].filter((tool) => !runs(tool));

/** Without what npm put there: clang calls any `wasm-opt` that it finds, and the bytes would depend on it. */
const path = (process.env["PATH"] ?? "")
  .split(":")
  .filter((folder) => !folder.includes("node_modules"))
  .join(":");

/** One file and what it includes, without any library. @throws Error with what the compiler says. */
export async function buildC(file: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "phatroom-c-"));
  try {
    const out = join(folder, "contract.wasm");
    execFileSync("clang", [...flags, "-o", out, file], { stdio: ["ignore", "inherit", "pipe"], env: { PATH: path } });
    return new Uint8Array(await readFile(out));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const flags = [
  "--target=wasm32",
  "-std=c11",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-O2",
  "-nostdlib",
  "-mbulk-memory",
  "-Wl,--no-entry",
  "-Wl,--strip-all",
];
