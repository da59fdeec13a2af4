/** The command line of `npm run bench`. */
import { parseArgs } from "node:util";
import { benches, benchNames, type BenchName } from "./benches.ts";
import { scriptLength } from "./bots/script.ts";
import type { SystemName } from "./bots/places.ts";

export interface Options {
  readonly bench: BenchName;
  /** Print the JSON object instead of a table. */
  readonly json: boolean;
  readonly quick: boolean;
  /** Joins of each kind that are measured. */
  readonly joins: number;
  readonly rooms: number;
  /** Moves per second in each room. */
  readonly rate: number;
  /** Length of the measured window. */
  readonly seconds: number;
  /** The only size of a crowd; otherwise all. */
  readonly players: number | undefined;
  /** How many times each row is measured, all systems taking turns: what is kept is the median of each figure. */
  readonly rounds: number;
  /** Before the window, under the same load. */
  readonly warmupSeconds: number;
  /** The only system to measure; otherwise all. */
  readonly only: SystemName | undefined;
  /** By which of ANGLE's ways Chromium draws on the graphics card. */
  readonly angle: string;
  /** Folder of the world's page, if it is built already. */
  readonly page: string | undefined;
}

/** The command line is wrong. `message` says how, for who typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const width = Math.max(...benchNames.map(({ length }) => length));

export const usage = `npm run bench -- <name> [options]

${benchNames.map((name) => `  ${name.padEnd(width)}   ${benches[name].about}`).join("\n")}

  --json          one JSON object on standard output instead of a table
  --quick         everything smaller, under a minute; good for seeing that it works
  --joins N       join: how many of each kind (200)
  --rooms N       dot4: rooms at once (500)
  --rate N        dot4: moves per second in each room (1)
  --seconds N     dot4, fanout: measured seconds (30)
  --players N     fanout: 50, 100, 300, 500 or 1000 (all but the first)
  --rounds N      fanout: measures every row so many times, and keeps medians (1)
  --only SYSTEM   phatroom, colyseus or boardgame.io
  --angle WAY     frames: how Chromium reaches the graphics card: vulkan, gl-egl, metal, d3d11 (its own choice)
  --page FOLDER   client, frames: where \`node scripts/build-world.ts FOLDER\` has built the page (built anew)
`;

const systemNames: readonly SystemName[] = ["phatroom", "colyseus", "boardgame.io"];

/** @throws UsageError. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  const bench = benchNames.find((name) => name === positionals[0]);
  if (bench === undefined || positionals.length > 1) {
    throw new UsageError(`name one bench: ${benchNames.join(", ")}`);
  }
  const { quick } = values;
  const number = (name: "joins" | "rooms" | "rate" | "rounds" | "seconds" | "players", usual: number): number => {
    const text = values[name];
    if (text === undefined) return usual;
    const value = Number(text);
    if (!(value > 0) || (name !== "rate" && !Number.isInteger(value))) {
      throw new UsageError(`--${name} must be a ${name === "rate" ? "" : "whole "}number above zero`);
    }
    return value;
  };
  const only = systemNames.find((name) => name === values.only);
  if (values.only !== undefined && only === undefined) {
    throw new UsageError(`--only takes one of ${systemNames.join(", ")}`);
  }
  const options: Options = {
    bench,
    json: values.json,
    quick,
    joins: number("joins", quick ? 30 : 200),
    rooms: number("rooms", quick ? 50 : 500),
    rate: number("rate", 1),
    seconds: number("seconds", quick ? 5 : 30),
    players: values.players === undefined ? undefined : number("players", 0),
    rounds: number("rounds", 1),
    warmupSeconds: quick ? 2 : 5,
    only,
    angle: values.angle,
    page: values.page,
  };
  if (bench === "dot4") checkLength(options);
  return options;
}

/** Moves of a game that are made slowly, while other rooms are opened: enough for two and a half minutes. */
const movesBefore = 10;

function checkLength({ rate, seconds, warmupSeconds }: Options): void {
  const most = Math.floor((scriptLength - movesBefore) / rate - warmupSeconds);
  if (seconds <= most) return;
  throw new UsageError(
    most > 0
      ? `games end too early: at --rate ${rate} use at most --seconds ${most}`
      : `games end too early: --rate ${rate} is too fast to measure anything`,
  );
}

function parse(args: readonly string[]): ReturnType<typeof parseKnown> {
  try {
    return parseKnown(args);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const parseKnown = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      joins: { type: "string" },
      rooms: { type: "string" },
      rate: { type: "string" },
      seconds: { type: "string" },
      rounds: { type: "string" },
      players: { type: "string" },
      only: { type: "string" },
      angle: { type: "string", default: "default" },
      page: { type: "string" },
    },
  });
