/** Fourteen faults of the program that most of RMRK 2.0 was read with. Each was shown on it; none of them is ours. */
import { expect, test } from "vitest";
import { encodeAddress } from "#rmrk/account.ts";
import { encodeRemark } from "#rmrk/codec/interaction.ts";
import { collectionIdOf, nftIdOf } from "#rmrk/ids.ts";
import { remarksOf } from "#rmrk/extrinsic/remarks.ts";
import { multisigAccount } from "#rmrk/extrinsic/multisig.ts";
import { apply } from "#rmrk/consolidator.ts";
import { emptyState } from "#rmrk/state/state.ts";
import { extrinsic, failure, inBatch, remark, success } from "./support/chain.ts";
import { Ledger } from "./support/ledger.ts";
import { metadata, mintOf, properties } from "./support/making.ts";
import { alice, bob, charlie, dave, eve, prefix } from "./support/people.ts";

test("1: a collection's id cannot be taken by somebody who is quicker", () => {
  const ledger = new Ledger();
  const id = collectionIdOf(alice, "GOLD");
  const squat = { op: "CREATE", id, symbol: "GOLD", max: 0, metadata } as const;
  expect(ledger.refusal(eve, { ...squat, issuer: eve })).toBe("collection-id-wrong");
  expect(ledger.refusal(alice, { ...squat, issuer: alice })).toBeUndefined();
  expect(ledger.state.collections.get(id)!.issuer).toBe(alice);
});

test("2: nobody creates a collection in another's name", () => {
  const ledger = new Ledger();
  const id = collectionIdOf(alice, "GOLD");
  expect(ledger.refusal(eve, { op: "CREATE", id, issuer: alice, symbol: "GOLD", max: 0, metadata })).toBe(
    "issuer-not-caller",
  );
  const parts = {
    op: "BASE",
    issuer: alice,
    symbol: "b",
    type: "svg",
    parts: [],
    themes: new Map(),
    metadata,
  } as const;
  expect(ledger.refusal(eve, parts)).toBe("issuer-not-caller");
});

test("3: what one member of a multisig proposes is not what the multisig says", () => {
  const group = multisigAccount([alice, bob], 2);
  const id = collectionIdOf(group, "GOLD");
  const said = remark({ op: "CREATE", id, issuer: group, symbol: "GOLD", max: 0, metadata });
  const call = { section: "multisig", method: "asMulti", args: { threshold: 2, otherSignatories: [bob], call: said } };
  const proposed = { section: "multisig", method: "NewMultisig", data: { multisig: group } };
  expect(remarksOf(extrinsic(alice, call, [proposed, success]))).toEqual([]);
  const done = { section: "multisig", method: "MultisigExecuted", data: { multisig: group, ok: true } };
  expect(remarksOf(extrinsic(alice, call, [done, success])).map(({ caller }) => caller)).toEqual([group]);
});

test("4: a stranger cannot write a royalty", () => {
  const ledger = new Ledger();
  const share = (to: typeof alice) => ({ receiver: encodeAddress(to, prefix), royaltyPercentFloat: 10 });
  const frozen = properties({ royaltyInfo: { type: "royalty", value: share(alice) } });
  const nft = ledger.mint(ledger.create("GOLD"), 1, bob, { properties: frozen });
  const write = { op: "SETPROPERTY", nft, key: "royaltyInfo", value: share(eve), freeze: false } as const;
  for (const somebody of [eve, bob, alice]) expect(ledger.refusal(somebody, write)).toBe("property-immutable");
  const open = properties({ royaltyInfo: { type: "royalty", value: share(alice), writer: "issuer" } });
  const other = ledger.mint(collectionIdOf(alice, "GOLD"), 2, bob, { properties: open });
  for (const somebody of [eve, bob]) expect(ledger.refusal(somebody, { ...write, nft: other })).toBe("not-issuer");
  expect(ledger.refusal(alice, { ...write, nft: other })).toBeUndefined();
});

test("5: a stranger cannot add a theme", () => {
  const ledger = new Ledger();
  const base = ledger.base("body", []);
  const theme = { inherit: false, colours: new Map([["main", "red"]]) };
  expect(ledger.refusal(eve, { op: "THEMEADD", base, name: "default", theme })).toBe("not-issuer");
});

test("6: a serial number is issued once, and a cap counts what was burned", () => {
  const ledger = new Ledger();
  const collection = ledger.create("GOLD", { max: 2 });
  const first = ledger.mint(collection, 1, bob);
  ledger.block += 1;
  expect(ledger.refusal(alice, mintOf(collection, 1, bob))).toBe("serial-used");
  expect(ledger.refusal(alice, mintOf(collection, 1, bob, { symbol: "other" }))).toBe("serial-used");
  ledger.do(bob, { op: "BURN", nft: first });
  expect(ledger.refusal(alice, mintOf(collection, 1, bob))).toBe("serial-used");
  ledger.mint(collection, 2, bob);
  expect(ledger.refusal(alice, mintOf(collection, 3, bob))).toBe("collection-full");
});

test("7: nothing is minted into an NFT that does not exist", () => {
  const ledger = new Ledger();
  const collection = ledger.create("GOLD");
  const ghost = nftIdOf(99, collection, "ghost", "00000009");
  expect(ledger.refusal(alice, mintOf(collection, 1, ghost))).toBe("recipient-unknown");
  expect(ledger.state.nfts.size).toBe(0);
});

test("8: Polkadot's prefix 0 is a prefix", () => {
  const state = emptyState(0);
  const id = collectionIdOf(alice, "GOLD");
  const bytes = encodeRemark({ op: "CREATE", id, issuer: alice, symbol: "GOLD", max: 0, metadata }, 0);
  expect(apply(state, { block: 1, extrinsic: 0, caller: alice, bytes, transfers: [] })).toMatchObject({
    accepted: true,
  });
});

test("9: a per cent sign is a character, and keys are decoded", () => {
  const ledger = new Ledger();
  const collection = ledger.create("GOLD");
  const strong = properties({
    "hit points %": { type: "int", value: 1, writer: "issuer" },
    proof: { value: "80 % vol" },
  });
  const nft = ledger.mint(collection, 1, bob, { metadata: "ipfs://a/100%25", properties: strong });
  ledger.do(alice, { op: "SETPROPERTY", nft, key: "hit points %", value: 2, freeze: false });
  const stored = ledger.state.nfts.get(nft)!;
  expect(stored.metadata).toBe("ipfs://a/100%25");
  expect(stored.properties!.get("hit points %")!.value).toBe(2);
  expect(stored.properties!.get("proof")!.value).toBe("80 % vol");
});

test("10: the game writes what changes, and the player does not", () => {
  const ledger = new Ledger();
  const nft = ledger.mint(ledger.create("GOLD"), 1, bob, {
    properties: properties({ xp: { type: "int", value: 0, writer: "issuer" } }),
  });
  const write = { op: "SETPROPERTY", nft, key: "xp", value: 9999, freeze: false } as const;
  expect(ledger.refusal(bob, write)).toBe("not-issuer");
  expect(ledger.refusal(alice, { ...write, value: 10 })).toBeUndefined();
  expect(ledger.refusal(alice, { ...write, key: "level", value: 2 })).toBeUndefined();
  expect(ledger.state.nfts.get(nft)!.properties!.get("level")).toEqual({ type: "int", value: 2, writer: "issuer" });
});

test("11: every way to say something on chain is read: with an event, in batches, through proxies", () => {
  const said = { op: "LOCK", collection: collectionIdOf(alice, "GOLD") } as const;
  const plain = remark(said);
  const withEvent = { ...plain, method: "remarkWithEvent" };
  const proxied = { section: "proxy", method: "proxy", args: { real: dave, call: plain } };
  const executed = { section: "proxy", method: "ProxyExecuted", data: { ok: true } };
  const callers = (...given: Parameters<typeof extrinsic>) =>
    remarksOf(extrinsic(...given)).map(({ caller }) => caller);
  expect(callers(alice, withEvent, [success])).toEqual([alice]);
  for (const method of ["batch", "batchAll", "forceBatch"] as const) {
    const { call, events } = inBatch(method, [plain, withEvent]);
    expect(callers(alice, call, [...events, success])).toEqual([alice, alice]);
    const outer = inBatch("batchAll", [call], [events]);
    expect(callers(alice, outer.call, [...outer.events, success])).toEqual([alice, alice]);
  }
  expect(callers(alice, proxied, [executed, success])).toEqual([dave]);
  for (const method of ["transfer", "transferAllowDeath", "transferKeepAlive"]) {
    const paid = { section: "balances", method, args: { dest: charlie, value: 5n } };
    const { call, events } = inBatch("batchAll", [plain, paid]);
    expect(remarksOf(extrinsic(alice, call, [...events, success]))[0]!.transfers).toEqual([
      { from: alice, to: charlie, amount: 5n },
    ]);
  }
});

test("12: prices are not negative, and an id that every object has is no id", () => {
  const ledger = new Ledger();
  const nft = ledger.mint(ledger.create("GOLD"), 1, bob);
  expect(ledger.refusal(bob, `RMRK::LIST::2.0.0::${nft}::-5`)).toBe("value-malformed");
  for (const id of ["__proto__", "constructor", "toString"]) {
    expect(ledger.refusal(bob, `RMRK::BURN::2.0.0::${id}`)).toBe("id-malformed");
    expect(ledger.refusal(bob, `RMRK::LOCK::2.0.0::${id}`)).toBe("id-malformed");
    const json = encodeURIComponent(`{"id":"${id}","src":"ipfs://a"}`);
    const taken = ledger.refusal(alice, `RMRK::RESADD::2.0.0::${nft}::${json}`);
    expect(taken).toBe(id === "__proto__" ? "value-malformed" : undefined);
  }
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
});

test("13: whatever comes, it is answered by a value: nothing ends, prints or is skipped", () => {
  const ledger = new Ledger();
  ledger.create("GOLD");
  for (const bad of [
    "",
    "RMRK::",
    "RMRK::MINT::2.0.0::%",
    `RMRK::MINT::2.0.0::${"%5B".repeat(9_000)}`,
    "RMRK::BUY::2.0.0::x",
  ]) {
    expect(ledger.say(eve, bad)).toEqual({ accepted: false, code: expect.any(String) as string });
  }
  // A block that was skipped, or comes twice, would be somebody's mistake: it is an error.
  const late = { block: ledger.block - 1, extrinsic: 0, caller: alice, bytes: new Uint8Array(), transfers: [] };
  expect(() => apply(ledger.state, late)).toThrow(RangeError);
});

test("14: a remark in an extrinsic that failed was not made", () => {
  const plain = remark({ op: "LOCK", collection: collectionIdOf(alice, "GOLD") });
  expect(remarksOf(extrinsic(alice, plain, [success]))).toHaveLength(1);
  expect(remarksOf(extrinsic(alice, plain, [failure]))).toEqual([]);
  expect(remarksOf(extrinsic(alice, plain, []))).toEqual([]);
});
