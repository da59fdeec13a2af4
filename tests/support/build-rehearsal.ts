/** Before the browser stage: the page of Phala World with no place built in, which shows itself and joins nothing. */
import { execFileSync } from "node:child_process";
import { rehearsalFolder, rootFolder } from "./folders.ts";

export function setup(): void {
  const script = ["--disable-warning=ExperimentalWarning", "scripts/build-world.ts", rehearsalFolder];
  execFileSync(process.execPath, script, { cwd: rootFolder, stdio: "inherit" });
}
