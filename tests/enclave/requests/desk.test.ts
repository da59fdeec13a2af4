/** Contracts that ask elsewhere or too much, and gateways that carry badly: every question has one answer all the same. */
import { afterEach, describe, expect, test } from "vitest";
import type { RequestListener } from "node:http";
import { linkKinds } from "#protocol/link.ts";
import { requestLimits, type OutsideAnswer, type OutsideRequest } from "#protocol/request.ts";
import { encodeTunnel } from "#protocol/tunnel.ts";
import { RequestDesk, type Asking } from "../../../server/enclave/requests/desk.ts";
import { Tunnels, type TunnelLink } from "../../../server/enclave/requests/tunnels.ts";
import { joined, OutsideServer, root } from "./server.ts";

let server: OutsideServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const place = "https://api.example.test/scores/";
const get = (url: string): OutsideRequest => ({ url, method: "GET" });

/** A room as far as a desk looks at it. */
const roomOf = (requests?: readonly string[]): Asking =>
  ({ contract: { manifest: requests === undefined ? {} : { requests } } }) as unknown as Asking;

class Answers {
  readonly all: { readonly room: Asking; readonly id: string; readonly answer: OutsideAnswer }[] = [];
  #told: (() => void)[] = [];

  take = (room: Asking, id: string, answer: OutsideAnswer): void => {
    this.all.push({ room, id, answer });
    for (const tell of this.#told.splice(0)) tell();
  };

  async until(count: number): Promise<readonly OutsideAnswer[]> {
    while (this.all.length < count) await new Promise<void>((resolve) => this.#told.push(resolve));
    return this.all.map(({ answer }) => answer);
  }
}

async function deskAt(
  listener: RequestListener,
  tunnels: Tunnels = joined().tunnels,
  limitMs?: number,
): Promise<{ readonly desk: RequestDesk<Asking>; readonly answers: Answers }> {
  server = await OutsideServer.start(listener);
  const answers = new Answers();
  const way = {
    open: (host: string, port: number) => tunnels.open(host, port),
    roots: [root],
    port: server.port,
    ...(limitMs === undefined ? {} : { limitMs }),
  };
  return { desk: new RequestDesk({ way, answered: answers.take }), answers };
}

describe("a contract reaches no other place than it declares", () => {
  test.for([
    ["another server", [place], "https://api.other.test/scores/a"],
    ["another folder", [place], "https://api.example.test/secrets/a"],
    ["a way back up", [place], "https://api.example.test/scores/../secrets/a"],
    ["a way back up in disguise", [place], "https://api.example.test/scores/%2e%2e/secrets/a"],
    ["another port", [place], "https://api.example.test:8443/scores/a"],
    ["a user", [place], "https://api.example.test@evil.test/scores/a"],
    ["without encryption", [place], "http://api.example.test/scores/a"],
    ["a longer name", ["https://api.example/"], "https://api.example.test/scores/a"],
    ["anything, if it declares nothing", undefined, `${place}a`],
  ] as const)("%s", async ([, places, url]) => {
    let reached = 0;
    const { desk, answers } = await deskAt((_request, response) => {
      reached += 1;
      response.end();
    });
    desk.ask(roomOf(places), "a", get(url));
    expect(await answers.until(1)).toEqual([{ failed: "not-allowed" }]);
    expect(reached).toBe(0);
  });
});

test("an answer never comes in the middle of the question", async () => {
  const { desk, answers } = await deskAt(() => undefined);
  desk.ask(roomOf(), "a", get(place));
  expect(answers.all).toEqual([]);
  await answers.until(1);
});

test("each question gets its own answer, and room is made for the next", async () => {
  const { desk, answers } = await deskAt((request, response) => response.end(request.url));
  const room = roomOf([place]);
  for (const id of ["a", "b", "c", "d"]) desk.ask(room, id, get(place + id));
  await answers.until(4);
  desk.ask(room, "e", get(`${place}e`));
  await answers.until(5);
  for (const { id, answer } of answers.all) {
    expect(answer).toMatchObject({ status: 200, body: new Uint8Array(Buffer.from(`/scores/${id}`)) });
  }
});

describe("who floods", () => {
  test("has so many under way, and the others have room", async () => {
    let asked = 0;
    const { desk, answers } = await deskAt(() => (asked += 1), undefined, 500);
    const [greedy, modest] = [roomOf([place]), roomOf([place])];
    for (let i = 0; i < 30; i++) desk.ask(greedy, `${i}`, get(place));
    desk.ask(modest, "one", get(place));
    const count = requestLimits.pending;
    expect(await answers.until(30 - count)).toEqual(Array.from({ length: 30 - count }, () => ({ failed: "too-many" })));
    await answers.until(31);
    expect(asked).toBe(count + 1);
    expect(answers.all.at(-1)).toEqual({ room: modest, id: "one", answer: { failed: "too-slow" } });
  });

  test("with many rooms has what a worker has", async () => {
    const { desk, answers } = await deskAt(() => undefined, new Tunnels(() => undefined));
    const { pending, pendingOfWorker } = requestLimits;
    // Nobody carries anything, so all of them fail; but not at once.
    for (let i = 0; i <= pendingOfWorker; i++) desk.ask(roomOf([place]), `${i}`, get(place));
    const all = await answers.until(pendingOfWorker + 1);
    expect(all.filter((answer) => "failed" in answer && answer.failed === "too-many")).toHaveLength(1);
    expect(all.filter((answer) => "failed" in answer && answer.failed === "unreachable")).toHaveLength(pendingOfWorker);
    expect(pendingOfWorker).toBeGreaterThan(pending);
  });
});

describe("a gateway that", () => {
  /** Says what the test says, whatever it is asked. */
  function hostile(answer: (say: (body: Uint8Array) => void) => void): Tunnels {
    const tunnels = new Tunnels(() => undefined);
    const link: TunnelLink = {
      put: (kind, number, body) => {
        expect(kind).toBe(linkKinds.tunnel);
        if (body[0] === 1) setImmediate(() => answer((said) => tunnels.receive(link, number, said)));
      },
    };
    tunnels.attach(link);
    return tunnels;
  }

  const data = (length: number): Uint8Array => encodeTunnel({ is: "data", bytes: new Uint8Array(length).fill(7) });
  const end = encodeTunnel({ is: "end" });

  test.for<[string, string, (say: (body: Uint8Array) => void) => void]>([
    ["never answers", "too-slow", () => undefined],
    ["ends at once", "unreachable", (say) => say(end)],
    ["ends twice", "unreachable", (say) => [end, end, end].forEach(say)],
    ["goes on behind the end", "unreachable", (say) => [end, data(100), end, data(100)].forEach(say)],
    ["says what is no TLS", "unreachable", (say) => say(data(1000))],
    [
      "says more than anybody asked for",
      "unreachable",
      (say) => {
        for (let i = 0; i < 20; i++) say(data(16_000));
      },
    ],
  ])("%s costs an answer, and nothing else", async ([, failed, answer]) => {
    const { desk, answers } = await deskAt(() => undefined, hostile(answer), 300);
    desk.ask(roomOf([place]), "a", get(place));
    expect(await answers.until(1)).toEqual([{ failed }]);
    // What comes late comes to nobody.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answers.all).toHaveLength(1);
  });

  test("speaks of tunnels that nobody opened is not heard", async () => {
    const way = joined();
    const stranger: TunnelLink = { put: () => undefined };
    way.tunnels.attach(stranger);
    const { desk, answers } = await deskAt((_request, response) => response.end("right"), way.tunnels);
    desk.ask(roomOf([place]), "a", get(place));
    for (const number of [0, 1, 2, 7]) for (const said of [data(10), end]) way.tunnels.receive(stranger, number, said);
    expect(await answers.until(1)).toMatchObject([{ status: 200 }]);
  });
});
