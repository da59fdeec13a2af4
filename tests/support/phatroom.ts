/** `phatroom build`, `phatroom export` and `phatroom replay` in this process: what each prints, and the exit code that it sets. */
import { runCommand } from "citty";
import { vi } from "vitest";
import { buildCommand } from "#cli/commands/build.ts";
import { exportCommand } from "#cli/commands/export.ts";
import { replayCommand } from "#cli/commands/replay.ts";

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

export async function phatroom(name: "build" | "export" | "replay", ...rawArgs: string[]): Promise<Answer> {
  const before = process.exitCode;
  const out = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
  try {
    if (name === "build") await runCommand(buildCommand, { rawArgs });
    else if (name === "export") await runCommand(exportCommand, { rawArgs });
    else await runCommand(replayCommand, { rawArgs });
    const said = (spy: typeof out): string => spy.mock.calls.map(([text]) => String(text)).join("\n");
    return { code: Number(process.exitCode ?? 0), out: said(out), error: said(error) };
  } finally {
    process.exitCode = before;
    out.mockRestore();
    error.mockRestore();
  }
}
