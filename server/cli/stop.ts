/** What a command does that runs until Ctrl-C: it stops in order, and at once if it is asked again. */

/** Also while it is still starting: `stop` is called once, and the process ends when it is done. */
export function stopWhenAsked(stop: () => Promise<unknown>): void {
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      void stop().then(() => process.exit());
    });
  }
}
