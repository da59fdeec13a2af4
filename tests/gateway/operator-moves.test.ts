/** What an operator asks of many rooms at once. */
import { expect, test } from "vitest";
import type { Asked } from "#protocol/moving.ts";
import { open } from "./harness.ts";

const operatorPassword = "correct horse battery";

test("an upgrade is announced in many rooms at once, and whoever asked hears meanwhile that it goes on", async () => {
  const { gateway, worker } = await open({ operatorPassword });
  for (let count = 0; count < 40; count++) worker.open();
  const waiting: Asked[] = [];
  let heard = false;
  worker.on("asked", (asked) => {
    if (heard) worker.answer(asked);
    else waiting.push(asked);
  });
  await expect.poll(async () => (await fetch(`${gateway.url}/api/rooms`)).text()).toContain("0028");
  const response = await fetch(`${gateway.url}/operator/upgrade`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`operator:${operatorPassword}`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ upgrade: "00" }),
  });
  heard = true;
  expect(waiting).toHaveLength(16);
  for (const asked of waiting) worker.answer(asked);
  expect(await response.json()).toEqual({ announced: 40, refused: {} });
}, 20_000);
