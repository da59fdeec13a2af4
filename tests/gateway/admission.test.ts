/** Addresses, rates and origins, by themselves. */
import type { IncomingMessage } from "node:http";
import fc from "fast-check";
import { expect, test } from "vitest";
import { clientAddress, networkOf } from "#gateway/client-address.ts";
import { Origins, ownOrigins, parseOrigin } from "#gateway/origins.ts";
import { perMinute, TokenBucket, TokenBuckets } from "#gateway/token-buckets.ts";

const request = (peer: string, forwarded?: string | string[]): IncomingMessage =>
  ({ socket: { remoteAddress: peer }, headers: { "x-forwarded-for": forwarded } }) as unknown as IncomingMessage;

test.for([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:1:2::1", "2001:db8:1:2::/64"],
  ["2001:0db8:0001:0002:0003:0004:0005:0006", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["", ""],
] as const)("%s counts as %s", ([address, network]) => {
  expect(networkOf(address)).toBe(network);
});

test("every address of one /64 counts as one", () => {
  const half = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(half, half, half, (network, one, other) => {
      const address = (host: number[]) => [...network, ...host].map((group) => group.toString(16)).join(":");
      expect(networkOf(address(one))).toBe(networkOf(address(other)));
    }),
  );
});

test.for([
  ["no proxy of ours", 0, "10.0.0.1", "192.0.2.9"],
  ["one proxy", 1, "10.0.0.1", "10.0.0.1"],
  ["one proxy, and a client that lies", 1, "8.8.8.8, 10.0.0.1", "10.0.0.1"],
  ["two proxies", 2, "8.8.8.8, 10.0.0.1, 172.16.0.1", "10.0.0.1"],
  ["fewer entries than proxies", 2, "10.0.0.1", "192.0.2.9"],
  ["an entry that is no address", 1, "unknown", "192.0.2.9"],
  ["no header", 1, undefined, "192.0.2.9"],
] as const)("with %s the address is the one that can be believed", ([, proxies, forwarded, address]) => {
  expect(clientAddress(request("192.0.2.9", forwarded), proxies)).toBe(address);
});

test("a header in several lines is one list", () => {
  expect(clientAddress(request("192.0.2.9", ["8.8.8.8", "10.0.0.1"]), 1)).toBe("10.0.0.1");
});

test("a bucket lets a burst through, then its rate, and never more", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200 }), (waits) => {
      const rate = { perSecond: 4, burst: 3 };
      const bucket = new TokenBucket(rate, 0);
      let now = 0;
      let taken = 0;
      for (const wait of waits) {
        now += wait;
        if (bucket.take(now)) taken += 1;
        expect(taken).toBeLessThanOrEqual(rate.burst + (now / 1000) * rate.perSecond);
      }
    }),
  );
});

test("a bucket that has rested is full again", () => {
  const bucket = new TokenBucket({ perSecond: 1, burst: 2 }, 0);
  expect([0, 0, 0].map((now) => bucket.take(now))).toEqual([true, true, false]);
  expect([1000, 1000].map((now) => bucket.take(now))).toEqual([true, false]);
  expect([60_000, 60_000, 60_000].map((now) => bucket.take(now))).toEqual([true, true, false]);
});

test("one address does not spend another's tokens, and what is given back can be spent", () => {
  const buckets = new TokenBuckets(perMinute(4), 10);
  expect(buckets.take("a", 0)).toBe(true);
  expect(buckets.take("a", 0)).toBe(false);
  expect(buckets.take("b", 0)).toBe(true);
  buckets.giveBack("a");
  expect(buckets.take("a", 0)).toBe(true);
});

test("a flood of addresses takes no more memory than was set aside, and forgets the oldest first", () => {
  const buckets = new TokenBuckets(perMinute(4), 3);
  for (const key of ["a", "b", "c", "a", "d"]) buckets.take(key, 0);
  expect(buckets.size).toBe(3);
  expect(buckets.take("a", 0)).toBe(false);
  expect(buckets.take("b", 0)).toBe(true);
});

test.for([
  ["https://play.example", "https://play.example"],
  ["https://play.example/", "https://play.example"],
  ["https://play.example:443", "https://play.example"],
  ["http://[::1]:2567", "http://[::1]:2567"],
  ["*", "*"],
] as const)("%s is the origin %s", ([text, origin]) => {
  expect(parseOrigin(text)).toBe(origin);
});

test.for([
  "play.example",
  "https://play.example/page",
  "ftp://play.example",
  "null",
  "https://",
  "https://*.example:x",
])("%s is no origin", (text) => {
  expect(parseOrigin(text)).toBeUndefined();
});

test("a sandboxed page, whose origin is null, is a stranger", () => {
  expect(new Origins(["https://play.example"]).allows("null")).toBe(false);
  expect(new Origins(["https://play.example"]).allows(undefined)).toBe(true);
});

test("the default port is not part of an origin", () => {
  expect(ownOrigins("0.0.0.0", 80)).toEqual(["http://localhost", "http://127.0.0.1", "http://[::1]"]);
  expect(ownOrigins("192.0.2.1", 2567)).toContain("http://192.0.2.1:2567");
  expect(ownOrigins("fd00::1", 2567)).toContain("http://[fd00::1]:2567");
});
