/** `phatroom load <url>`: many players at once at a place, and how it bears them. */
import { defineCommand } from "citty";
import { ClientError } from "#client/errors.ts";
import { runLoad } from "../load/load.ts";
import { loadLimits } from "../load/plan.ts";
import { loadText } from "../load/text.ts";
import { summaries } from "../summaries.ts";
import { policyFor, QuestionError } from "../verify-place.ts";

export const loadCommand = defineCommand({
  meta: { name: "load", description: summaries.load },
  args: {
    url: { type: "positional", description: "The place's address", required: true },
    contract: { type: "string", description: "What they play: a contract's name", required: true },
    players: { type: "string", description: `How many, at most ${loadLimits.players}`, default: "100" },
    seconds: {
      type: "string",
      description: `For how long once all have joined, at most ${loadLimits.seconds}`,
      default: "30",
    },
    manifest: {
      type: "string",
      description:
        "The contract's manifest, as build wrote it: they push inputs at random. Dot4 and Skirmish they play without",
    },
    lineages: {
      type: "string",
      description: "A worker's folder of contracts, where its lineages.json lets somebody upgrade these rules",
    },
    "per-room": { type: "string", description: "Players in one room; default: as many as it takes" },
    room: { type: "string", description: "A room that is there already, for all of them" },
    policy: { type: "string", description: "A file with the policy to judge by; default: development on this machine" },
    json: { type: "boolean", description: "The report as JSON", default: false },
  },
  async run({ args }) {
    const interrupted = new AbortController();
    // The second time, the process ends at once.
    process.once("SIGINT", () => interrupted.abort());
    try {
      const report = await runLoad(
        {
          url: args.url,
          policy: await policyFor(args.policy, undefined),
          contract: args.contract,
          manifest: args.manifest,
          lineages: args.lineages,
          players: Number(args.players),
          seconds: Number(args.seconds),
          perRoom: args["per-room"] === undefined ? undefined : Number(args["per-room"]),
          room: args.room,
          signal: interrupted.signal,
        },
        (text) => console.error(text),
      );
      console.log(args.json ? JSON.stringify(report, undefined, 2) : loadText(report));
      if (report.joined < report.players || Object.keys(report.lost).length > 0) process.exitCode = 1;
    } catch (error) {
      if (!(error instanceof QuestionError) && !(error instanceof ClientError)) throw error;
      console.error(`${args.url}: ${error instanceof ClientError ? error.sentence : error.message}`);
      process.exitCode = 1;
    }
  },
});
