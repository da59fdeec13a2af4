/** What the documents say is so: code is copied from files that run, and files, commands and tests that are named exist. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { playFigures } from "../../bench/figures/play.ts";
import { namedResults, readReport, withFigures } from "../../bench/figures/readme.ts";
import { rootFolder } from "../support/folders.ts";
import {
  applyChange,
  blocksOf,
  dedented,
  documents,
  findExcerpt,
  proseOf,
  readFromRoot,
} from "../support/documents.ts";

const all = documents();
const json = (path: string): Record<string, Record<string, string>> => JSON.parse(readFromRoot(path));
const exists = (path: string): boolean => existsSync(join(rootFolder, path));

test("there is a document for everybody", () => {
  for (const path of ["README.md", "SECURITY.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]) {
    expect(all).toContain(path);
  }
});

test.for([
  ["README.md", 150],
  ["ARCHITECTURE.md", 250],
  ["CONTRIBUTING.md", 120],
] as const)("%s has at most %i lines", ([path, most]) => {
  expect(readFromRoot(path).split("\n").length - 1).toBeLessThanOrEqual(most);
});

describe("code blocks", () => {
  const guarded = ["README.md", "docs/tutorial.md"].flatMap((path) =>
    blocksOf(readFromRoot(path)).map((block) => [path, block] as const),
  );
  const described = guarded.map(
    ([path, block]) => [`${path}, ${block.section}: ${block.text.split("\n", 1)[0]?.trim()}`, block] as const,
  );

  test("are there", () => {
    expect(guarded.length).toBeGreaterThan(15);
  });

  test.for(described)("%s", ([, { language, mark, text }]) => {
    if (mark === undefined) {
      expect(["sh", "text"]).toContain(language);
      return;
    }
    switch (mark.kind) {
      case "from":
        expect(findExcerpt(readFromRoot(mark.path).split("\n"), dedented(text))).toBeGreaterThanOrEqual(0);
        return;
      case "change":
        // Carried out by tests/package/new-game.test.ts.
        expect(applyChange(readFromRoot(mark.path), text)).not.toBe(readFromRoot(mark.path));
        return;
      default:
        expect(mark.kind).toBe("printed");
        expect(language).toBe("text");
    }
  });
});

describe("reading documents", () => {
  test("an excerpt is found at any indentation, and not when a line, a word or an indentation differs", () => {
    const file = ["a {", "  b {", "    c", "", "  }", "}"];
    expect(findExcerpt(file, dedented("    b {\n      c\n\n    }"))).toBe(1);
    expect(findExcerpt(file, ["b {", "  c", "}"])).toBe(-1);
    expect(findExcerpt(file, ["b {", "  d"])).toBe(-1);
    expect(findExcerpt(file, ["b {", "c"])).toBe(-1);
  });

  test("a change replaces what lies between its first line and its last", () => {
    expect(applyChange("a\n  b\n  c\n  d\ne", "b\nx\n  y\nd")).toBe("a\n  b\n  x\n    y\n  d\ne");
    expect(() => applyChange("a\nb", "a\nc")).toThrow(/0 times/);
    expect(() => applyChange("a\na\nb", "a\nb")).toThrow(/2 times/);
  });

  test("a mark belongs to the block right after it", () => {
    const [first, second] = blocksOf(
      "## One\n<!-- from x.ts -->\n\n```ts\n1\n```\n\n<!-- printed -->\nno\n```sh\n2\n```",
    );
    expect(first).toEqual({ language: "ts", text: "1", mark: { kind: "from", path: "x.ts" }, section: "One" });
    expect(second?.mark).toBeUndefined();
  });
});

test("figures are a table with a column for each system, and say when one does not count", () => {
  const machine = { cpu: "Some CPU", cores: 2, node: "24.0.0", load_1min: 0 };
  const join = {
    bench: "join",
    commit: "a",
    machine,
    rows: [
      { name: "ours, attested", p50_ms: 10, p95_ms: 20 },
      { name: "ours, resumed", p50_ms: 1, p95_ms: 2 },
      { name: "theirs", p50_ms: 5, p95_ms: 6 },
    ],
    ratios: {},
  };
  const row = { rooms: 500, p50_ms: 20, p99_ms: 30, servers_rss_mib: 1234, opponent_sees: "nothing" };
  const dot4 = {
    ...join,
    rows: [
      { name: "ours", ...row },
      { name: "ours, kept", p50_ms: 25, p99_ms: 40, server_cpu_ms_per_move: 2 },
      { name: "theirs", ...row, valid: false },
    ],
  };
  const lines = playFigures(join, dot4, ["j.json", "d.json"]).split("\n");
  expect(lines[0]).toBe("| | ours | theirs |");
  expect(lines[2]).toBe("| joining a room, p50 / p95 | attested 10 / 20 ms; resumed 1 / 2 ms | 5 / 6 ms |");
  expect(lines).toContain("| servers' memory, rooms of two at once | 1,234 MiB, 500 rooms | 1,234 MiB, 500 rooms |");
  expect(lines).toContain(
    "| a move until the other sees it, p50 / p99 | 20 / 30 ms; kept on disk 25 / 40 ms | 20 / 30 ms |",
  );
  expect(lines).toContain("| servers' processor time for a move | – ms; kept on disk 2 ms | – ms |");
  expect(lines).toContain("| the operator sees | – | – |");
  expect(lines).toContain("Some CPU, 2 cores, Node 24.0.0. From `j.json` and `d.json`.");
  expect(lines.at(-1)).toBe("The bots could not keep up: the row does not count for theirs.");
});

test("the figures of README.md are those of the results that it names", () => {
  const readme = readFromRoot("README.md");
  const renewed = withFigures(readme, namedResults(readme), (path) => readReport(join(rootFolder, path)));
  const plain = (text: string): string => text.replaceAll(/[ -]{2,}/g, " ");
  expect(plain(renewed)).toBe(plain(readme));
});

test.for(all)("every link of %s leads somewhere", (path) => {
  const links = [...proseOf(readFromRoot(path)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
  const broken = links
    .filter((link) => !/^(https?:|#)/.test(link))
    .filter((link) => !exists(join(dirname(path), link.split("#", 1)[0]!)));
  expect(broken).toEqual([]);
});

test.for(all)("every command of %s exists", (path) => {
  const markdown = readFromRoot(path);
  const spans = [...proseOf(markdown).matchAll(/`[^`]+`/g)].map(([span]) => span);
  const text = [...blocksOf(markdown).map((block) => block.text), ...spans].join("\n");
  const subCommands = [...readFromRoot("server/cli/main.ts").matchAll(/^ {4}(\w+): \(\) => import/gm)].map(
    ([, name]) => name!,
  );
  expect(subCommands).toContain("new");
  const template = path === "docs/tutorial.md" ? json("templates/game/package.json.template")["scripts"]! : {};
  const scripts = Object.keys({ ...json("package.json")["scripts"], ...template });
  const named = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => name!);
  expect(subCommands).toEqual(expect.arrayContaining(named(/(?:npx |`|tgz )phatroom ([a-z][\w-]*)/g)));
  expect(scripts).toEqual(expect.arrayContaining(named(/npm run (?:--silent )?([a-z][\w:-]*)/g)));
  expect([...scripts, "install", "pack", "ci"]).toEqual(expect.arrayContaining(named(/\bnpm (?!run\b)([a-z]+)\b/g)));
});

describe("files that are named", () => {
  const aliases = Object.entries(json("package.json")["imports"]!).map(
    ([alias, target]) => [alias.slice(0, -1), target.slice(2, -1)] as const,
  );
  /** A file, or a folder: `gate.ts`, `room/`, `#protocol/link.ts`, `tests/conformance`. */
  const isPath = (span: string): boolean =>
    /^[#\w][\w./-]*(\.(ts|tsx|mjs|css|svg|json|template)|\/)$/.test(span) ||
    /^(server|client|contracts|tests)\/[\w/-]+$/.test(span);
  const made = /^(dist|bench\/results|tests\/artifacts)\//;

  /** Named from the document, from the root, or from a folder that the same paragraph names. */
  function missing(path: string): string[] {
    const home = dirname(path);
    return proseOf(readFromRoot(path))
      .split(/\n\n|\n(?=\|)/)
      .flatMap((paragraph) => {
        const spans = [...paragraph.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!).filter(isPath);
        const named = spans.map((span) => {
          const alias = aliases.find(([from]) => span.startsWith(from));
          return alias === undefined ? span : alias[1] + span.slice(alias[0].length);
        });
        const folders = [home, ".", ...(path === "docs/tutorial.md" ? ["templates/game", "templates/arena"] : [])];
        for (const name of named) {
          const at = folders.map((folder) => join(folder, name)).find(exists);
          if (at !== undefined) folders.push(statSync(join(rootFolder, at)).isDirectory() ? at : dirname(at));
        }
        return named.filter((name) => !made.test(name) && !folders.some((folder) => exists(join(folder, name))));
      });
  }

  test.for(all)("%s names none that is not there", (path) => {
    expect(missing(path)).toEqual([]);
  });

  test("ARCHITECTURE.md names every step of a move with its file", () => {
    const rows = readFromRoot("ARCHITECTURE.md").match(/^\| +\d+ \|.*$/gm) ?? [];
    expect(rows.length).toBe(10);
    for (const row of rows) expect(row).toMatch(/`(server|client|contracts)\/[\w./-]+`/);
  });
});

test.for([
  "server/protocol",
  "server/attestation",
  "server/enclave",
  "server/enclave/platform",
  "server/enclave/sandbox",
  "server/gateway",
  "server/chain",
  "server/chain/devnet",
  "server/testing",
  "server/cli",
  "contracts",
  "contracts/sdk",
  "client/sdk",
  "client/kit",
  "client/page",
  "tests",
])("%s says what it is trusted with, what it never does, whom it talks to", (zone) => {
  const readme = readFromRoot(`${zone}/README.md`);
  for (const heading of ["**Trusted with**", "**Never**", "**Talks to**"]) expect(readme).toContain(heading);
});

describe("SECURITY.md: every claim is shown by a test", () => {
  const rows = [...readFromRoot("SECURITY.md").matchAll(/^\|(.+)\| *`(tests\/[^`]+)` *\|(.+)\|$/gm)].map(
    ([, claim, file, title]) => [claim!.trim(), file!, title!.trim()] as const,
  );

  test("there are claims", () => {
    expect(rows.length).toBeGreaterThan(30);
  });

  test.for(rows)("%s", ([, file, title]) => {
    const source = readFileSync(join(rootFolder, file), "utf8");
    const escaped = title.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    expect(source).toMatch(new RegExp(`(?:\\btest|\\))\\(\\s*(["'\`])${escaped}\\1`));
  });
});
