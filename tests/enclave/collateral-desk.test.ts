/** A worker asks the gateways it has, one after the other, and believes none of them. */
import { expect, test } from "vitest";
import { CollateralDesk, type DeskLink } from "#enclave/collateral-desk.ts";
import { type CollateralParts, decodeCollateralRequest, encodeCollateralAnswer } from "#protocol/collateral.ts";
import { linkKinds } from "#protocol/link.ts";

const wanted = { tee: "tdx", fmspc: "b0c06f000000", ca: "processor" } as const;
const part = Uint8Array.of(1);
const parts: CollateralParts = {
  rootCrl: part,
  pckCrl: part,
  tcbInfo: part,
  tcbInfoChain: "chain",
  qeIdentity: part,
  qeIdentityChain: "chain",
};

/** A gateway that answers at once, or not at all. */
function gateway(desk: CollateralDesk, answer: CollateralParts | null | undefined): DeskLink & { asked: number } {
  const link = {
    asked: 0,
    put(kind: number, _seat: number, body: Uint8Array) {
      expect(kind).toBe(linkKinds.wanted);
      const { ref, ...rest } = decodeCollateralRequest(body);
      expect(rest).toEqual(wanted);
      link.asked += 1;
      if (answer !== undefined) queueMicrotask(() => desk.answer(link, encodeCollateralAnswer({ ref, parts: answer })));
    },
    flush() {},
  };
  return link;
}

const times = { answerMs: 20, gatewayMs: 20 };
const take = (given: CollateralParts) => Promise.resolve(given);

test("the first gateway's answer is taken, if it is good", async () => {
  const desk = new CollateralDesk(times);
  const [first, second] = [gateway(desk, parts), gateway(desk, parts)];
  desk.attach(first);
  desk.attach(second);
  await expect(desk.ask(wanted, take)).resolves.toEqual(parts);
  expect([first.asked, second.asked]).toEqual([1, 0]);
});

test.for([
  ["has none", null],
  ["says nothing", undefined],
] as const)("where one gateway %s, the next is asked", async ([, answer]) => {
  const desk = new CollateralDesk(times);
  desk.attach(gateway(desk, answer));
  desk.attach(gateway(desk, parts));
  await expect(desk.ask(wanted, take)).resolves.toEqual(parts);
});

test("where one gateway's answer is no good, the next is asked", async () => {
  const desk = new CollateralDesk(times);
  const bad = { ...parts, tcbInfoChain: "forged" };
  desk.attach(gateway(desk, bad));
  desk.attach(gateway(desk, parts));
  const taken = await desk.ask(wanted, (given) =>
    given.tcbInfoChain === "forged" ? Promise.reject(new Error("forged")) : take(given),
  );
  expect(taken).toEqual(parts);
});

test("when nobody's answer is good, the last reason is told", async () => {
  const desk = new CollateralDesk(times);
  desk.attach(gateway(desk, parts));
  await expect(desk.ask(wanted, () => Promise.reject(new Error("forged")))).rejects.toThrow("forged");
});

test("a gateway that comes while it is waited for is asked", async () => {
  const desk = new CollateralDesk({ ...times, gatewayMs: 60_000 });
  const asking = desk.ask(wanted, take);
  desk.attach(gateway(desk, parts));
  await expect(asking).resolves.toEqual(parts);
});

test("without a gateway it is given up", async () => {
  await expect(new CollateralDesk(times).ask(wanted, take)).rejects.toThrow("no gateway");
});

test("a gateway that leaves before it answers is not waited for", async () => {
  const desk = new CollateralDesk({ ...times, answerMs: 60_000 });
  const gone = gateway(desk, undefined);
  desk.attach(gone);
  const asking = desk.ask(wanted, take);
  desk.detach(gone);
  await expect(asking).rejects.toThrow("no gateway");
});

test("what another gateway answers, or nobody asked for, is dropped", async () => {
  const desk = new CollateralDesk({ ...times, answerMs: 60_000 });
  const [asked, stranger] = [gateway(desk, undefined), gateway(desk, undefined)];
  desk.attach(asked);
  const asking = desk.ask(wanted, take);
  for (const ref of [0, 1, 2])
    desk.answer(stranger, encodeCollateralAnswer({ ref, parts: { ...parts, tcbInfoChain: "x" } }));
  desk.answer(asked, encodeCollateralAnswer({ ref: 7, parts: { ...parts, tcbInfoChain: "x" } }));
  desk.answer(asked, encodeCollateralAnswer({ ref: 1, parts }));
  await expect(asking).resolves.toEqual(parts);
});
