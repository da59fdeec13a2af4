/** A machine without a platform proves nothing and keeps nothing. */
import { expect, test } from "vitest";
import { unavailablePlatform } from "#enclave/platform/unavailable.ts";

const platform = unavailablePlatform();

test.for([
  ["a quote", () => platform.quote(new Uint8Array(64))],
  ["a quote over too little", () => platform.quote(new Uint8Array(63))],
  ["a key", () => platform.deriveKey("seal")],
] as const)("%s is refused", async ([, ask]) => {
  await expect(ask()).rejects.toMatchObject({ name: "PlatformError", code: "platform-unavailable" });
});

test("it says that no room can be opened", async () => {
  await expect(platform.info()).resolves.toMatchObject({
    name: "unavailable",
    hardware: false,
    label: expect.stringContaining("no room can be opened") as unknown,
  });
});
