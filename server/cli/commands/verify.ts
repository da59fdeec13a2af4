/** `phatroom verify <url>`: what a client would find out about a place, without joining it. */
import { defineCommand } from "citty";
import { summaries } from "../summaries.ts";
import { ClientError } from "#client/errors.ts";
import { asText, policyFor, QuestionError, verifyPlace } from "../verify-place.ts";

export const verifyCommand = defineCommand({
  meta: { name: "verify", description: summaries.verify },
  args: {
    url: { type: "positional", description: "The place's address", required: true },
    policy: { type: "string", description: "A file with the policy to judge by; default: development on this machine" },
    fingerprint: { type: "string", description: "Accept the development machine with this fingerprint" },
    world: { type: "string", description: "The world it must be, 64 hex digits" },
    contract: { type: "string", description: "The rules it must run: contract hash, or a name" },
    room: { type: "string", description: "A room to look at" },
    json: { type: "boolean", description: "The report as JSON", default: false },
  },
  async run({ args }) {
    const { url, world, contract, room } = args;
    try {
      const policy = await policyFor(args.policy, args.fingerprint);
      const report = await verifyPlace({ url, policy, world, contract, room });
      console.log(args.json ? JSON.stringify(report, undefined, 2) : asText(report));
      if (!report.accepted) process.exitCode = 1;
    } catch (error) {
      if (!(error instanceof QuestionError) && !(error instanceof ClientError)) throw error;
      const sentence = error instanceof ClientError ? error.sentence : error.message;
      const code = error instanceof ClientError ? error.code : "question";
      if (args.json) console.log(JSON.stringify({ url, accepted: false, code, sentence, lines: [] }, undefined, 2));
      else console.error(`${url}: ${sentence}`);
      process.exitCode = 1;
    }
  },
});
