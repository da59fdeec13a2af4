/** A process under a strict watchdog that works without end, in one piece or in many: `watchdog-child.ts whole|pieces`. */
import { startWatchdog } from "#enclave/watchdog.ts";

const pieceMs = 40;
const pieces = 40;

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const watchdog = startWatchdog({ cpuMsMax: 600 });
// The thread has to be there before it can see anything.
await new Promise((resolve) => setTimeout(resolve, 500));

if (process.argv[2] === "whole") for (;;);

for (let i = 0; i < pieces; i++) {
  for (const end = cpuMs() + pieceMs; cpuMs() < end;);
  watchdog.beat();
}
await watchdog.close();
process.stdout.write("done\n");
