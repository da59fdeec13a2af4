/** Before stages that run whole places: the contracts as `npm start` builds them. */
import { execFileSync } from "node:child_process";
import { rootFolder } from "./folders.ts";

export function setup(): void {
  execFileSync(process.execPath, ["--disable-warning=ExperimentalWarning", "scripts/build.ts", "--contracts-only"], {
    cwd: rootFolder,
    stdio: "inherit",
  });
}
