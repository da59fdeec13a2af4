/**
 * Leaks that other frameworks had, each as a test: what a viewer gets is the same bytes at the same boundaries whatever is
 * hidden from that viewer.
 */
import { bytesToHex } from "#protocol/bytes.ts";
import { describe, expect, test } from "vitest";
import { layoutsOf } from "#contract/components.ts";
import { component, everyone, f32, near, owner, revealed, text, u8 } from "#contract/index.ts";
import { placeTables } from "#protocol/tables.ts";
import { EntityStage, type Reader } from "./stage.ts";

const kinds = () => ({
  Body: component(
    { x: f32, z: f32, mood: u8 },
    { capacity: 256, audience: near(10, { full: 4, far: 3 }), position: true },
  ),
  Card: component({ face: u8 }, { capacity: 256, audience: revealed(4) }),
  Purse: component({ coins: u8 }, { capacity: 64, audience: owner }),
  Sign: component({ words: text(12) }, { capacity: 8, audience: everyone }),
  Trap: component({ x: f32, z: f32 }, { capacity: 64, position: true }),
});

type Kinds = ReturnType<typeof kinds>;

/** What the first seat and a spectator get, boundary by boundary; "" where nothing came. */
function traces(play: (all: Kinds, step: (act?: () => void) => void, stage: EntityStage) => void): string[][] {
  const all = kinds();
  const stage = new EntityStage(all, { seats: 4 });
  const watched: Reader[] = [stage.join(0), stage.connect(undefined)];
  for (let seat = 1; seat < 4; seat++) stage.join(seat);
  const got: string[][] = watched.map(() => []);
  const step = (act?: () => void): void => {
    const before = watched.map(({ told }) => told.length);
    stage.step(act);
    watched.forEach(({ told }, i) => got[i]!.push(told.length === before[i] ? "" : bytesToHex(told.at(-1)!.bytes)));
  };
  play(all, step, stage);
  return got;
}

/** Plays the same with other hidden things in it. @param hidden how many there are: from none to many. */
function expectAlike(play: (hidden: number, ...given: Parameters<Parameters<typeof traces>[0]>) => void): void {
  const [none, ...others] = [0, 1, 2, 7, 30].map((hidden) => traces((...given) => play(hidden, ...given)));
  // Something was told, or nothing is compared.
  expect(none!.flat().join("")).not.toBe("");
  for (const other of others) expect(other).toEqual(none);
}

const many = (count: number, act: (i: number) => void): void => {
  for (let i = 0; i < count; i++) act(i);
};

describe("@colyseus/schema 5: refIds count what was made for others", () => {
  test("ids do not count rows that are hidden, nor rows that were", () => {
    expectAlike((hidden, { Card, Body, Sign }, step, stage) => {
      step(() => {
        const eye = Body.spawn(0);
        stage.focus(0, Body.entity(eye));
        many(hidden, () => Card.reveal(Card.spawn(), 1));
      });
      for (let i = 0; i < 5; i++) {
        step(() => {
          const card = Card.spawn();
          Card.face[card] = i;
          Card.reveal(card, 0);
          const seen = Body.spawn();
          Body.x[seen] = i;
          Sign.words.set(Sign.spawn(), `sign ${i}`);
          // Out of sight, come and gone.
          many(hidden, (n) => {
            const far = Body.spawn();
            if (far !== -1) Body.x[far] = 100;
            if (far !== -1 && n % 2 === 0) Body.despawn(far);
          });
        });
      }
    });
  });

  test("a row of everyone's does not count those that came and went between two boundaries", () => {
    expectAlike((hidden, { Sign }, step) => {
      step(() => void Sign.spawn());
      step(() => {
        many(hidden, () => Sign.despawn(Sign.spawn()));
        Sign.words.set(Sign.spawn(), "here");
      });
    });
  });
});

describe("order by place: what comes at once stands in an order of its own", () => {
  test("rows that come into sight together are not ordered by where they lie", () => {
    expectAlike((hidden, { Card }, step) => {
      // The first card may lie before the second or behind it.
      let cards: number[] = [];
      step(() => {
        cards = [0, 1, 2].map(() => Card.spawn());
        many(hidden, () => void Card.spawn());
        if (hidden > 0) {
          // Hidden ones take its place.
          Card.despawn(cards[0]!);
          Card.spawn();
          cards[0] = Card.spawn();
        }
        cards.forEach((card, i) => (Card.face[card] = 30 - i));
      });
      step(() => cards.forEach((card) => Card.reveal(card, 0)));
      step(() => cards.forEach((card, i) => (Card.face[card] = i)));
    });
  });

  test("nor are rows that look the same: the one that was there first comes first", () => {
    expectAlike((hidden, { Card }, step) => {
      let cards: number[] = [];
      step(() => {
        many(hidden, () => void Card.spawn());
        cards = [Card.spawn()];
      });
      step(() => {
        // A hidden row gives its place, before the first, to the second.
        if (hidden > 0) Card.despawn(0);
        cards.push(Card.spawn());
      });
      step(() => cards.forEach((card) => Card.reveal(card, 0)));
      step(() => (Card.face[cards[1]!] = 9));
    });
  });
});

describe("@colyseus/schema 5, StateView: what is granted again brings what was granted before", () => {
  test("a row that is revealed again is a new one, and brings nothing of what happened while it was hidden", () => {
    expectAlike((hidden, { Card }, step) => {
      let card = -1;
      step(() => {
        card = Card.spawn();
        Card.face[card] = 5;
        Card.reveal(card, 0);
      });
      step(() => Card.hide(card, 0));
      step(() => (Card.face[card] = 6));
      many(4, (i) => step(() => (Card.face[card] = 10 + hidden + i)));
      step(() => (Card.face[card] = 7));
      step(() => Card.reveal(card, 0));
    });
  });

  test("a row that comes back into sight is not told from another that looks like it", () => {
    expectAlike((hidden, { Body }, step, stage) => {
      let [here, there] = [-1, -1];
      step(() => {
        stage.focus(0, Body.entity(Body.spawn(0)));
        here = Body.spawn();
        there = Body.spawn();
        Body.x[here] = 3;
        Body.x[there] = 200;
      });
      step(() => (Body.x[here] = 200));
      const back = hidden % 2 === 0 ? here : there;
      step(() => (Body.x[back] = 3));
      step(() => (Body.mood[back] = 1));
    });
  });

  test("a seat that somebody else takes shows nothing that its last player was shown", () => {
    const { Card } = kinds();
    const stage = new EntityStage({ Card }, { seats: 4 });
    stage.join(2);
    stage.step(() => {
      many(10, () => Card.reveal(Card.spawn(), 2));
    });
    const next = stage.join(2);
    stage.step();
    expect(next.told).toEqual([]);
  });
});

describe("boardgame.io: the first snapshot holds everything", () => {
  test("whoever comes late or comes back gets what is visible now, and no trace of how it came about", () => {
    const first = (hidden: number): string => {
      const all = kinds();
      const { Card, Purse, Sign, Body } = all;
      const stage = new EntityStage(all, { seats: 4 });
      many(4, (seat) => void stage.join(seat));
      stage.step(() => {
        many(hidden, () => Purse.spawn(1));
        many(hidden, () => void Body.spawn());
        Purse.coins[Purse.spawn(0)] = 3;
      });
      many(1 + hidden, (i) => stage.step(() => many(hidden, (n) => (Purse.coins[n] = i))));
      stage.step(() => {
        const card = Card.spawn();
        Card.face[card] = 4;
        Card.reveal(card, 0);
        Sign.words.set(Sign.spawn(), "welcome");
      });
      // The tick is for everybody to know; hidden rounds are not compared with each other here.
      stage.tick = 99;
      const again = stage.connect(0);
      const watcher = stage.connect(undefined);
      stage.step();
      return [again, watcher].map(({ told }) => bytesToHex(told[0]!.bytes)).join(" ");
    };
    const [none, ...others] = [0, 1, 5, 20].map(first);
    expect(none).toContain("77656c636f6d65");
    for (const other of others) expect(other).toBe(none);
  });
});

describe("rows seen from afar, told of at every third tick", () => {
  test("come at ticks that do not depend on what is hidden, nor on where they lie", () => {
    expectAlike((hidden, { Body }, step, stage) => {
      const far: number[] = [];
      step(() => {
        stage.focus(0, Body.entity(Body.spawn(0)));
        many(hidden, () => (Body.x[Body.spawn()] = 100));
        many(5, (i) => {
          const row = Body.spawn();
          Body.x[row] = 5 + i / 10;
          far.push(row);
        });
      });
      many(10, (tick) =>
        step(() => {
          for (const row of far) Body.mood[row] = tick;
          // They move at other ticks, and some go.
          for (let row = 1; row <= hidden; row++) Body.x[row] = 100 + tick;
          if (hidden > tick) Body.despawn(1 + tick);
        }),
      );
    });
  });

  test("bring the newest state, and nothing of what was in between", () => {
    const between = (values: readonly number[]): string => {
      const { Body } = kinds();
      const stage = new EntityStage({ Body }, { seats: 4 });
      const ann = stage.join(0);
      let far = -1;
      stage.step(() => {
        stage.focus(0, Body.entity(Body.spawn(0)));
        far = Body.spawn();
        Body.x[far] = 6;
      });
      // It is id 1's turn at ticks 2, 5 and 8.
      for (const value of values) stage.step(() => (Body.mood[far] = value));
      return ann.told.map(({ bytes }) => bytesToHex(bytes)).join(" ");
    };
    expect(between([1, 7, 8, 3, 3])).toBe(between([1, 9, 4, 3, 3]));
  });
});

describe("lengths and presence of frames", () => {
  test("hidden changes bring no frame, and make none longer", () => {
    expectAlike((hidden, { Card, Purse, Trap, Body }, step, stage) => {
      step(() => {
        stage.focus(0, Body.entity(Body.spawn(0)));
        Purse.spawn(0);
        many(hidden, (i) => {
          Purse.spawn(1 + (i % 3));
          Trap.spawn(0);
          Card.reveal(Card.spawn(), 3);
        });
      });
      many(6, (i) =>
        step(() => {
          many(hidden, (n) => {
            Purse.coins[1 + n] = 1 + i;
            Trap.x[n] = i;
            Card.face[n] = i + n;
          });
          if (i % 3 === 0) Purse.coins[0] = i + 1;
        }),
      );
    });
  });

  test("bytes behind the end of a text, which nobody sees, bring no frame", () => {
    expectAlike((hidden, { Sign }, step, stage) => {
      step(() => Sign.words.set(Sign.spawn(), "a"));
      const { tables } = placeTables(layoutsOf({ Sign }));
      const words = tables[0]!.columns.at(-1)!;
      const start = stage.region.length - placeTables(layoutsOf({ Sign, Trap: kinds().Trap })).length;
      step(() => stage.region.fill(hidden, start + words.at + 2, start + words.at + words.width));
      step(() => Sign.words.set(0, "b"));
    });
  });

  test("frames of one size are as many and as long whatever is seen", () => {
    const lengths = [0, 3].map((shown) => {
      const { Purse } = kinds();
      const stage = new EntityStage({ Purse }, { frameBytes: 256 });
      const ann = stage.join(0);
      many(5, (i) => stage.step(() => many(shown, () => void (Purse.coins[Purse.spawn(0)] = i))));
      return ann.told.length;
    });
    expect(lengths).toEqual([5, 5]);
  });
});

test("netrunner: spectators see what is for players", () => {
  const all = kinds();
  const stage = new EntityStage(all, { seats: 4 });
  const watcher = stage.connect(undefined);
  const ann = stage.join(0);
  stage.step(() => {
    const { Body, Card, Purse } = all;
    stage.focus(0, Body.entity(Body.spawn(0)));
    Card.reveal(Card.spawn(), 0);
    Purse.spawn(0);
  });
  expect(ann.told.length).toBe(1);
  expect(watcher.told).toEqual([]);
});

test("a room that has not been told of a new player shows the seat nothing of the last one", () => {
  const { Purse } = kinds();
  const stage = new EntityStage({ Purse }, { seats: 4 });
  stage.join(1);
  stage.step(() => void Purse.spawn(1));
  const member = stage.members.get(1)!;
  stage.members.set(1, { ...member, id: "f".repeat(32) as typeof member.id });
  const next = stage.connect(1);
  stage.step();
  expect(next.told).toEqual([]);
});
