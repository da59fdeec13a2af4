/** What a contract asks outside, in an author's tests: nobody is asked, and secrets in it are found. */
import * as v from "valibot";
import { describe, expect, test, vi } from "vitest";
import { accept, textOf, type Context, type Contract } from "#contract/index.ts";
import { playRoom } from "#testing/play.ts";
import { secrecyTest, type SecrecyOptions } from "#testing/secrecy.ts";
import type { SecrecyError } from "#testing/secrecy-error.ts";

vi.setConfig({ testTimeout: 300_000 });

interface State {
  secrets: number[];
  best: string;
}

type Keeper = Contract<State, { readonly keep: number }, unknown>;

const url = "https://api.example/a";

const keeper = (ask: (context: Context, secret: number) => void): Keeper => ({
  name: "keeper",
  players: { min: 2, max: 2 },
  requests: ["https://api.example/", "https://b.example/"],
  moves: v.strictObject({ keep: v.pipe(v.number(), v.integer(), v.minValue(10), v.maxValue(99)) }),
  open: () => ({ secrets: [], best: "" }),
  apply(state, { keep }, context) {
    state.secrets[context.player.seat] = keep;
    ask(context, keep);
    return accept(state);
  },
  answer: (state, { answer }) => void (state.best = "failed" in answer ? answer.failed : textOf(answer.body)),
  view: ({ secrets, best }, viewer) => ({
    mine: viewer.kind === "player" ? (secrets[viewer.seat] ?? null) : null,
    best,
  }),
});

test("what is asked waits for the author's answer, and reaches nobody", () => {
  const room = playRoom(keeper((context, secret) => context.request("best", { url: `${url}?${secret}` })));
  const [ann] = [room.join(), room.join()];
  ann.move({ keep: 42 });
  expect([...room.asked]).toEqual([["best", { url: `${url}?42`, method: "GET" }]]);
  room.answer("best", { status: 200, contentType: "text/plain", body: new TextEncoder().encode("Bénédicte, 40") });
  expect(ann.view).toEqual({ mine: 42, best: "Bénédicte, 40" });
  expect(room.asked.size).toBe(0);
  expect(() => room.answer("best", { failed: "too-slow" })).toThrow("asks nothing called best");
});

describe("the secrecy test", () => {
  const draw = (random: { below(n: number): number }): { readonly keep: number } => ({ keep: 10 + random.below(90) });
  const options: SecrecyOptions<State, { readonly keep: number }, unknown> = {
    knows: ({ secrets }, viewer) => (viewer.kind === "player" ? (secrets[viewer.seat] ?? null) : null),
    move: ({ random }) => draw(random),
    vary: ({ random }) => draw(random),
    steps: 800,
    // Nobody is answered, so that a game asks but once.
    stepsPerGame: 20,
  };
  const run = (contract: Keeper, more: object = {}): string => {
    try {
      secrecyTest(contract, { ...options, ...more });
      return "passed";
    } catch (error) {
      const { code, leak } = error as SecrecyError;
      return `${code} to ${leak?.to}`;
    }
  };

  test("passes where a request tells nothing", () => {
    expect(run(keeper((context) => context.request("a", { url })))).toBe("passed");
  });

  test.for<[string, (context: Context, secret: number) => void, string]>([
    [
      "what it asks",
      (context, secret) => context.request("a", { url: `${url}?${secret}` }),
      "leak to a server outside",
    ],
    ["what it says", (context, secret) => context.request("a", { url, body: `${secret}` }), "leak to a server outside"],
    [
      "how much",
      (context, secret) => context.request("a", { url, body: "x".repeat(secret) }),
      "host-trace to the host",
    ],
    [
      "whether it asks",
      (context, secret) => {
        if (secret > 50) context.request("a", { url });
      },
      "host-trace to the host",
    ],
    [
      "whom it asks",
      (context, secret) => context.request("a", { url: secret > 50 ? url : "https://b.example/abc" }),
      "host-trace to the host",
    ],
  ])("finds a secret in %s", ([, ask, found]) => {
    expect(run(keeper(ask))).toBe(found);
  });

  test("trusts the servers if its author does, and the host never", () => {
    const told = keeper((context, secret) => context.request("a", { url: `${url}?${secret}` }));
    expect(run(told, { outsideKnows: true })).toBe("passed");
    const shown = keeper((context, secret) => context.request("a", { url: `${url}?${"x".repeat(secret)}` }));
    expect(run(shown, { outsideKnows: true })).toBe("host-trace to the host");
  });
});
