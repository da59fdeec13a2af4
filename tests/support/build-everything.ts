/** Before journeys: contracts and page as `npm start` builds them. */
import { execFileSync } from "node:child_process";
import { rootFolder } from "./folders.ts";

export function setup(): void {
  execFileSync(process.execPath, ["--disable-warning=ExperimentalWarning", "scripts/build.ts"], {
    cwd: rootFolder,
    stdio: "inherit",
  });
}
