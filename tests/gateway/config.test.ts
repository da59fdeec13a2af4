/** Flags and environment. */
import { expect, test } from "vitest";
import { ConfigError, limitsIn, parseCommandLine } from "#gateway/config.ts";

const worker = ["--worker", "/run/worker.sock"];

test("a worker's address is all that has to be said", () => {
  const { config, logLevel } = parseCommandLine(worker, {});
  expect(config.worker).toEqual({ kind: "socket", path: "/run/worker.sock" });
  expect(config).toMatchObject({ port: 2567, requests: true, origins: [], trustedProxies: 0, limits: {} });
  expect(config.operatorPassword).toBeUndefined();
  expect(logLevel).toBe("info");
});

test("everything can be said in flags, and in the environment", () => {
  const flags = parseCommandLine(
    (
      '--worker=tcp://[::1]:7000 --worker-command=["node","worker.js"] --host=0.0.0.0 --port=0 --page=dist ' +
      "--origin=https://a.example --origin=https://b.example/ --trusted-proxies=1 " +
      "--store=sqlite:rooms/kept --collateral=https://pccs.example:8081/ --requests=refuse --limit=connections=9 --limit=joinsPerMinute=8 --log-level=debug"
    ).split(" "),
    {},
  );
  const environment = parseCommandLine([], {
    PHATROOM_WORKER: "tcp://[::1]:7000",
    PHATROOM_WORKER_COMMAND: '["node","worker.js"]',
    PHATROOM_COLLATERAL: "https://pccs.example:8081",
    PHATROOM_REQUESTS: "refuse",
    PHATROOM_STORE: "sqlite:rooms/kept",
    PHATROOM_HOST: "0.0.0.0",
    PHATROOM_PORT: "0",
    PHATROOM_PAGE: "dist",
    PHATROOM_ORIGINS: "https://a.example,https://b.example/",
    PHATROOM_TRUSTED_PROXIES: "1",
    PHATROOM_LIMITS: "connections=9,joinsPerMinute=8",
    PHATROOM_LOG_LEVEL: "debug",
  });
  expect(environment).toEqual(flags);
  expect(flags.config.collateral).toBe("https://pccs.example:8081");
  expect(flags.config.requests).toBe(false);
  expect(flags.config.store).toEqual({ kind: "sqlite", directory: "rooms/kept" });
  expect(flags.config.limits).toEqual({ connections: 9, joinsPerMinute: 8 });
  expect(flags.config.origins).toEqual(["https://a.example", "https://b.example"]);
});

test("a flag beats its variable", () => {
  expect(parseCommandLine([...worker, "--port", "1"], { PHATROOM_PORT: "2" }).config.port).toBe(1);
});

test("a password is read from the environment only", () => {
  const password = "correct horse battery";
  expect(parseCommandLine(worker, { PHATROOM_OPERATOR_PASSWORD: password }).config.operatorPassword).toBe(password);
  expect(() => parseCommandLine([...worker, "--operator-password", password], {})).toThrow(ConfigError);
});

test("a store is kept where somebody says so, and a database is named in the environment only", () => {
  const storeOf = (args: string[], environment: Record<string, string> = {}) =>
    parseCommandLine([...worker, ...args], environment).config.store;
  const url = "postgres://rooms:secret@db.example/rooms";
  expect(storeOf([])).toBeUndefined();
  expect(storeOf(["--store", "none"], { PHATROOM_STORE: url })).toBeUndefined();
  expect(storeOf([], { PHATROOM_STORE: url })).toEqual({ kind: "postgres", url });
  expect(() => storeOf(["--store", url])).toThrow(ConfigError);
});

test.for<[string, string[], Record<string, string>?]>([
  ["no worker", []],
  ["a worker at no address", ["--worker", "http://worker"]],
  ["a command that is no list", [...worker, "--worker-command", "node worker.js"]],
  ["an empty command", [...worker, "--worker-command", "[]"]],
  ["a service at no address", [...worker, "--collateral", "pccs"]],
  ["a service of another protocol", [...worker, "--collateral", "file:///etc"]],
  ["a service with a query", [...worker, "--collateral", "https://pccs.example/?key=1"]],
  ["requests of which it is unclear what becomes", [...worker, "--requests", "no"]],
  ["a store of another kind", [...worker, "--store", "redis://cache"]],
  ["a store in no folder", [...worker, "--store", "sqlite:"]],
  ["a database at no address", worker, { PHATROOM_STORE: "postgres://[" }],
  ["a port out of range", [...worker, "--port", "65536"]],
  ["a port that is no number", [...worker, "--port", "http"]],
  ["a port with a sign", [...worker, "--port", "-1"]],
  ["an origin with a path", [...worker, "--origin", "https://a.example/x"]],
  ["a limit that does not exist", [...worker, "--limit", "everything=1"]],
  ["a limit named like a method", [...worker, "--limit", "constructor=1"]],
  ["a limit without a number", [...worker, "--limit", "connections"]],
  ["a limit of nothing", [...worker, "--limit", "connections=0"]],
  ["more proxies than anybody has", [...worker, "--trusted-proxies", "99"]],
  ["an unknown log level", [...worker, "--log-level", "loud"]],
  ["an unknown flag", [...worker, "--verbose"]],
  ["a short password", worker, { PHATROOM_OPERATOR_PASSWORD: "admin" }],
])("%s is refused with a sentence", ([, args, environment = {}]) => {
  expect(() => parseCommandLine(args, environment)).toThrow(ConfigError);
});

test("limits of a development place are those of the environment", () => {
  expect(limitsIn({})).toEqual({});
  expect(limitsIn({ PHATROOM_LIMITS: "connectionsPerAddress=2000,joinsPerMinute=60000" })).toEqual({
    connectionsPerAddress: 2000,
    joinsPerMinute: 60_000,
  });
  expect(() => limitsIn({ PHATROOM_LIMITS: "everything=1" })).toThrow(ConfigError);
});
