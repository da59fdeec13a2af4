/** What an operator is told who asks a gateway for what it does not do. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Operator, refusedBy } from "#cli/operator.ts";
import { open, scratch } from "../gateway/harness.ts";

const password = "correct horse battery";
const room = "0123456789abcdef0123";

test.for([
  ["without a page", false],
  ["with one", true],
] as const)("a gateway %s that was started without a password says so, whatever is asked", async ([, page]) => {
  const folder = await scratch();
  await writeFile(join(folder, "index.html"), "<!doctype html>");
  const { gateway } = await open(page ? { page: folder } : {});
  const operator = new Operator(gateway.url, password);
  const asked = [
    () => operator.workers(),
    () => operator.move(room, "main"),
    () => operator.drain("main", () => undefined),
    () => operator.upgrade("00"),
  ];
  for (const ask of asked) await expect(ask()).rejects.toThrow("PHATROOM_OPERATOR_PASSWORD");
});

test("another password, a worker that it has not and a room that is none are named", async () => {
  const { gateway } = await open({ operatorPassword: password });
  const operator = new Operator(gateway.url, password);
  await expect(new Operator(gateway.url, "another password").workers()).rejects.toThrow("knows another password");
  await expect(operator.move(room, "mian")).rejects.toThrow("The gateway has no worker mian; it has main.");
  await expect(operator.drain("mian", () => undefined)).rejects.toThrow("it has main.");
  await expect(operator.undrain("mian")).rejects.toThrow("it has main.");
  await expect(operator.move("mian", "main")).rejects.toThrow("20 hex digits");
});

test("where no gateway is, and without a password, it is said what to do", async () => {
  await expect(new Operator("http://localhost:1", password).workers()).rejects.toThrow("--url");
  expect(() => new Operator("http://localhost:1", "")).toThrow("PHATROOM_OPERATOR_PASSWORD");
});

test("why rooms refuse an upgrade is said in words, also by a gateway that is newer", () => {
  const signer = "That upgrade is signed by a key that has no say here.";
  expect(refusedBy(1, "upgrade-signer")).toBe(`refused by 1 room: ${signer} (upgrade-signer)`);
  expect(refusedBy(3, "of-tomorrow")).toBe("refused by 3 rooms: This command is too old to say why. (of-tomorrow)");
});
