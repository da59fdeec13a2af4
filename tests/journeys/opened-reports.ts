/** The command by which a moderator reads what was reported. */
import { runCommand } from "citty";
import { vi } from "vitest";
import { reportsCommand } from "#cli/commands/reports.ts";

/** What `phatroom reports open` prints: a line of JSON for each. @param key a file. */
export async function openedReports(key: string, ...where: readonly string[]): Promise<string> {
  const out = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
  try {
    await runCommand(reportsCommand, { rawArgs: ["open", key, ...where] });
    return out.mock.calls.join("\n");
  } finally {
    out.mockRestore();
    error.mockRestore();
  }
}
