import { expect, test } from "vitest";
import { WaitingSeats } from "#enclave/waiting-seats.ts";

const bytes = (fill: number): Uint8Array => new Uint8Array(3).fill(fill);

test("what a client says while its room is brought back is heard once it is there", async () => {
  const seats = new WaitingSeats<string>();
  const heard: (readonly Uint8Array[])[] = [];
  let there = (): void => undefined;
  const room = new Promise<void>((resolve) => (there = resolve));
  seats.wait("link", 1, room, (said) => heard.push(said));
  const envelope = bytes(7);
  expect(seats.hear("link", 1, envelope)).toBe(true);
  envelope.fill(0);
  expect(seats.hear("link", 1, bytes(8))).toBe(true);
  expect(seats.hear("link", 2, bytes(9))).toBe(false);
  there();
  await room;
  await Promise.resolve();
  expect(heard).toEqual([[bytes(7)]]);
  expect(seats.hear("link", 1, bytes(8))).toBe(false);
});

test.for<[string, (seats: WaitingSeats<string>) => void]>([
  ["that has left", (seats) => seats.leave("link", 1)],
  ["whose gateway is gone", (seats) => seats.unlink("link")],
])("a seat %s is called no more", async ([, go]) => {
  const seats = new WaitingSeats<string>();
  seats.wait("link", 1, Promise.resolve(), () => expect.unreachable("nobody waits"));
  go(seats);
  await new Promise((resolve) => setImmediate(resolve));
});

test("a seat that is attached anew waits for its new room alone, and one whose room cannot be brought back is told", async () => {
  const seats = new WaitingSeats<string>();
  const called: unknown[] = [];
  const gone = new Error("gone");
  seats.wait("link", 1, Promise.resolve(), () => called.push("old"));
  seats.wait("link", 1, Promise.reject(gone), (_said, error) => called.push(error));
  await new Promise((resolve) => setImmediate(resolve));
  expect(called).toEqual([gone]);
});
