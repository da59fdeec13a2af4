/** When a room's log is revealed, and when it never is. */
import { expect, test } from "vitest";
import { encodeManifest, type Manifest } from "#protocol/manifest.ts";
import type { AnyContract } from "#contract/contract.ts";
import type { Finale } from "#enclave/room/finale.ts";
import { tally } from "./contracts.ts";
import { alice, bob, openRoom, TestJournal, type RoomUnderTest } from "./harness.ts";

/** Hands out witnesses, and notes what was revealed. */
class RevealingJournal extends TestJournal {
  readonly finales: Finale[] = [];
  revealed: { readonly records: number; readonly head: Uint8Array } | undefined;

  override witness(): Uint8Array {
    return new Uint8Array(80).fill(this.durable);
  }

  reveal(finale: Finale, manifest: Manifest): void {
    expect(encodeManifest(manifest).length).toBeGreaterThan(100);
    this.finales.push(finale);
    this.revealed = { records: this.recorded + 1, head: new Uint8Array(32).fill(9) };
  }
}

const revealed: AnyContract = { ...tally, reveal: "at-end" };

function played(contract: AnyContract = revealed) {
  const journal = new RevealingJournal();
  const it = openRoom(contract, { journal });
  it.enter(1, alice);
  it.enter(2, bob);
  it.pass(100);
  return { it, journal };
}

function over({ it, journal }: { readonly it: RoomUnderTest; readonly journal: RevealingJournal }): Uint8Array {
  for (const connection of [1, 2]) it.silent.add(connection);
  it.move(1, 1, { over: true });
  it.pass(100);
  expect(it.room.phase).toBe("ended");
  return journal.witness();
}

const present = (it: RoomUnderTest, connection: number, witness: Uint8Array): void =>
  it.room.receive(connection, { type: "witness", witness }, it.now);

const toldOf = (it: RoomUnderTest, connection: number) => it.told(connection).filter(({ type }) => type === "revealed");

test("an `all` room reveals its log once everybody who has a seat has shown that they keep its end", () => {
  const room = played();
  const { it, journal } = room;
  const witness = over(room);
  it.pass(2000);
  present(it, 1, witness);
  it.pass(2000);
  expect(journal.finales).toEqual([]);
  present(it, 2, witness);
  it.pass(100);
  expect(journal.finales).toHaveLength(1);
  // The store has it.
  it.room.release();
  expect(toldOf(it, 1)).toEqual([{ type: "revealed", ...journal.revealed! }]);
  expect(toldOf(it, 2)).toEqual(toldOf(it, 1));
  it.pass(5000);
  expect(journal.finales).toHaveLength(1);
});

test("one player's witness counts once, however often it is shown", () => {
  const room = played();
  const witness = over(room);
  for (let i = 0; i < 3; i++) present(room.it, 1, witness);
  room.it.pass(1000);
  expect(room.journal.finales).toEqual([]);
});

test("a witness of before the end, or a made-up one, reveals nothing", () => {
  const room = played();
  const { it, journal } = room;
  const early = journal.witness();
  present(it, 1, early);
  present(it, 2, early);
  const witness = over(room);
  for (const wrong of [early, witness.map((byte) => byte ^ 1)]) {
    present(it, 1, wrong);
    present(it, 2, wrong);
  }
  it.pass(5000);
  expect(journal.finales).toEqual([]);
});

test("nothing is revealed before the end is durable", () => {
  const room = played();
  const { it, journal } = room;
  for (const connection of [1, 2]) it.silent.add(connection);
  journal.lag = 1;
  it.move(1, 1, { over: true });
  it.pass(100);
  const ahead = new Uint8Array(80).fill(journal.recorded);
  for (const connection of [1, 2]) present(it, connection, ahead);
  it.pass(1000);
  expect(journal.finales).toEqual([]);
  journal.lag = 0;
  it.room.release();
  for (const connection of [1, 2]) present(it, connection, journal.witness());
  it.pass(100);
  expect(journal.finales).toHaveLength(1);
});

test("a room that was abandoned reveals nothing", () => {
  const { it, journal } = played();
  it.room.drop(2, it.now);
  it.pass(60_000);
  expect(it.status(1)?.ended?.how).toBe("abandoned");
  present(it, 1, journal.witness());
  it.enter(3, bob);
  it.pass(100);
  present(it, 3, journal.witness());
  it.pass(5000);
  expect(journal.finales).toEqual([]);
});

test("a frozen room reveals nothing, and a rolled-back one never does", () => {
  const room = played();
  const { it, journal } = room;
  const witness = over(room);
  it.room.freeze("rolled-back", it.now);
  for (const connection of [1, 2]) present(it, connection, witness);
  it.pass(5000);
  expect(journal.finales).toEqual([]);
});

test("an `any` room, of which a host can play a copy anyway, waits for nobody", () => {
  const room = played({ ...revealed, presence: "any" });
  over(room);
  expect(room.journal.finales).toHaveLength(1);
});

test("a contract that does not declare it reveals nothing", () => {
  const room = played(tally);
  const witness = over(room);
  for (const connection of [1, 2]) present(room.it, connection, witness);
  room.it.pass(5000);
  expect(room.journal.finales).toEqual([]);
});

test("what comes after the end is not in the log", () => {
  const room = played();
  const { it, journal } = room;
  over(room);
  const { recorded } = journal;
  it.move(2, 1, { add: 1 });
  it.room.drop(2, it.now);
  it.pass(1000);
  it.enter(3, bob);
  it.pass(1000);
  expect(journal.recorded).toBe(recorded);
});
