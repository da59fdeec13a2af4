/** Gates, and order among people whose host hears nothing. */
import { describe, expect, test } from "vitest";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { moveLengthMax } from "#protocol/limits.ts";
import type { Arrival, Value } from "#contract/index.ts";
import { terrain } from "../../../contracts/phala-world/terrain.ts";
import { refusals } from "../../../contracts/phala-world/loop/refusals.ts";
import { comeIn, enters, openHub, pushes, put, settle, told, type Client, type Hub } from "./hub.ts";

const room = "ab".repeat(10);
const [toDot4, toSkirmish, toWilds] = terrain.ground.gates;

describe("gates", () => {
  test.for([
    ["dot4", toDot4!, "dot4"],
    ["skirmish", toSkirmish!, "skirmish"],
    ["wilds", toWilds!, "phala-world"],
  ] as const)(
    "whoever stands in %s is let through to rooms of its rules, and to no others",
    ([gate, spot, contract]) => {
      const hub = openHub();
      const ann = comeIn(hub, "Ann");
      expect(ann.move({ do: "travel", room })).toEqual({ accepted: false, reason: "Stand in a gate first." });
      put(hub, ann, spot);
      pushes(ann, 0.01, 0);
      hub.advance(0.1);
      expect(ann.view.mine!.gate).toBe(gate);
      expect(ann.move({ do: "travel", room })).toEqual({ accepted: true });
      expect(hub.letThrough).toMatchObject([
        { player: ann.id, to: { room, contract }, payload: { name: "Ann" }, back: null },
      ]);
      expect(ann.tickets).toMatchObject([{ room, contract }]);
    },
  );

  const backFrom = (contract: string, result: Value): Arrival => ({
    room,
    contract,
    payload: null,
    back: { seat: 1, result },
  });
  const back = (winner: number): Arrival => backFrom("dot4", { how: "line", winner });

  test.for([
    ["Dot4", "won", "dot4", { how: "line", winner: 1 }, 1],
    ["Dot4", "lost", "dot4", { how: "line", winner: 0 }, undefined],
    ["Skirmish", "was the best of", "skirmish", { winner: 0, champion: 1, wins: [1, 0] }, 1],
    ["Skirmish", "was not the best of", "skirmish", { winner: 1, champion: 3, wins: [0, 1] }, undefined],
    ["Skirmish", "drew", "skirmish", { winner: -1, champion: -1, wins: [0, 0] }, undefined],
  ] as const)("who comes back from %s that they %s has it counted or not, and kept", ([, , contract, result, won]) => {
    const hub = openHub();
    const ann = comeIn(hub, "Ann");
    ann.drop();
    ann.join(backFrom(contract, result));
    expect(ann.view.mine!.won[contract]).toBe(won);
    expect(ann.view.mine!.arrival).toEqual({ from: contract, result, won: won === 1 });
    hub.advance(6);
    const other = openHub("days", "another");
    const record: Value = hub.records.get(ann.id) ?? null;
    expect(other.join("Ann", { record }).view.mine!.won[contract]).toBe(won);
  });

  test("the way back counts for those whose seat was given up meanwhile, too", () => {
    const hub = openHub();
    const ann = hub.join("Ann", { arrival: back(1) });
    expect(ann.view.mine!.won).toEqual({ dot4: 1 });
  });

  test("the same ticket counts once", () => {
    const hub = openHub();
    const ann = comeIn(hub, "Ann");
    ann.drop();
    ann.join(back(1));
    ann.drop();
    ann.join(back(1));
    expect(ann.closed).toBe("ticket-refused");
    ann.join();
    expect(ann.view.mine!.won).toEqual({ dot4: 1 });
  });
});

describe("reports", () => {
  interface Heard {
    readonly from: string;
    readonly tick: number;
    readonly text: string;
    readonly mac: Uint8Array<ArrayBuffer>;
  }

  const heard = (client: Client): readonly Heard[] =>
    (told(client, "said") as unknown as (Heard & { seat: number; name: string })[]).map(
      ({ from, tick, text, mac }) => ({ from, tick, text, mac }),
    );

  function talk(hub: Hub): readonly [Client, Client] {
    const [ann, ben] = [comeIn(hub, "Ann"), comeIn(hub, "Ben")];
    hub.advance(1);
    ann.move({ do: "say", text: "something foul" });
    return [ann, ben];
  }

  const disclose = (client: Client, message: Heard): unknown => client.move({ do: "disclose", message });

  test("disclose to the moderator what was said, and to nobody else", () => {
    const hub = openHub();
    const [ann, ben] = talk(hub);
    expect(disclose(ben, heard(ben)[0]!)).toEqual({ accepted: true });
    expect(ben.move({ do: "report", about: ann.id })).toEqual({ accepted: true });
    const messages = [{ from: ann.id, text: "something foul" }];
    expect(hub.reports).toMatchObject([{ by: ben.id, about: ann.id, messages }]);
    expect(ann.sent).toHaveLength(1);
    expect(ben.move({ do: "report", about: ann.id }).accepted).toBe(false);
    hub.advance(31);
    ben.move({ do: "report", about: ann.id });
    expect(hub.reports).toMatchObject([{}, { messages: [] }]);
  });

  test.for<readonly [string, Partial<Heard>]>([
    ["other words", { text: "something nice" }],
    ["another speaker", { from: "ef".repeat(16) }],
    ["another moment", { tick: 3 }],
    ["another proof", { mac: new Uint8Array(16) }],
  ])("with %s are refused: nobody can be accused of what was not said", ([, change]) => {
    const hub = openHub();
    const [, ben] = talk(hub);
    const message = { ...heard(ben)[0]!, ...change };
    expect(disclose(ben, message)).toEqual({ accepted: false, reason: "This was not said here." });
  });

  test("hold twenty messages at most", () => {
    const hub = openHub();
    const [, ben] = talk(hub);
    const answers = Array.from({ length: 21 }, () => disclose(ben, heard(ben)[0]!));
    expect(answers.filter((answer) => (answer as { accepted: boolean }).accepted)).toHaveLength(20);
  });

  test("a message of another room is none of this one", () => {
    const [here, there] = [openHub(), openHub("days", "another")];
    const [, ben] = talk(here);
    const [, other] = talk(there);
    expect(disclose(ben, heard(other)[0]!)).toMatchObject({ accepted: false });
  });

  test("the longest message fits into a move", () => {
    const hub = openHub();
    const [ann, ben] = talk(hub);
    ann.move({ do: "say", text: "\u{10348}".repeat(100) });
    const message = heard(ben)[1]!;
    expect(encodeMsgpack([1, { do: "disclose", message }]).length).toBeLessThan(moveLengthMax);
    expect(disclose(ben, message)).toEqual({ accepted: true });
  });
});

describe("the world's moderator", () => {
  test("sends people out, and they come back when their time is over", () => {
    const hub = openHub();
    const keeper = comeIn(hub, "Keeper", { moderator: true });
    const ann = comeIn(hub, "Ann");
    expect(keeper.view.mine!.moderator).toBe(true);
    expect(keeper.move({ do: "kick", player: ann.id })).toEqual({ accepted: true });
    settle(hub);
    expect(told(ann, "out")).toEqual(["The moderator has sent you out for ten minutes."]);
    expect(ann.view.mine!.inWorld).toBe(false);
    expect(ann.rows("Body")).toEqual([]);
    expect(ann.move(enters("Ann"))).toMatchObject({ accepted: false });
    ann.leave();
    ann.join();
    expect(ann.move(enters("Ann"))).toMatchObject({ accepted: false });
    hub.state.out[ann.id] = 0;
    expect(ann.move(enters("Ann"))).toEqual({ accepted: true });
  });

  test("bans an account from this hub, for good or until it is lifted", () => {
    const hub = openHub();
    const keeper = comeIn(hub, "Keeper", { moderator: true });
    const ann = comeIn(hub, "Ann");
    keeper.move({ do: "ban", player: ann.id, ban: true });
    ann.leave();
    ann.join();
    expect(ann.view.mine!.banned).toBe(true);
    expect(ann.move(enters("Ann"))).toEqual({ accepted: false, reason: "You are banned from this world's hub." });
    keeper.move({ do: "ban", player: ann.id, ban: false });
    expect(ann.move(enters("Ann"))).toEqual({ accepted: true });
  });

  test.for([
    { do: "kick" },
    { do: "ban", ban: true },
    { do: "give-ticket", purpose: "prime" },
    { do: "gift", from: "giveaway", rarity: "prime", race: "xgene", career: "monk" },
  ])("$do is nobody else's", (move) => {
    const hub = openHub();
    const [ann, ben] = [comeIn(hub, "Ann"), comeIn(hub, "Ben")];
    const reason = "Only the world's moderator can do that.";
    expect(ann.move({ ...move, player: ben.id })).toEqual({ accepted: false, reason });
  });

  test("gives tickets and gifts", () => {
    const hub = openHub();
    const keeper = comeIn(hub, "Keeper", { moderator: true });
    const ann = comeIn(hub, "Ann");
    keeper.move({ do: "give-ticket", player: ann.id, purpose: "spirit" });
    settle(hub);
    expect(ann.view.mine!.tickets.spirit).toBe(true);
    expect(ann.move({ do: "redeem-spirit" })).toEqual({ accepted: true });
    const gift = { do: "gift", player: ann.id, from: "reserved", race: "xgene", career: "monk" } as const;
    expect(keeper.move({ ...gift, rarity: "legendary" })).toEqual({ accepted: true });
    expect(keeper.move({ ...gift, rarity: "legendary" })).toEqual({
      accepted: false,
      reason: refusals.NoAvailableRaceReservedLeft,
    });
    settle(hub);
    expect(ann.view.mine!.origins).toMatchObject([{ rarity: "legendary" }]);
  });
});
