/** The files in deploy are what their README says: nothing is left to whoever starts the machine. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseWorkerConfig } from "#enclave/config.ts";
import { parseCommandLine } from "#gateway/config.ts";
import { readFromRoot } from "../support/documents.ts";

interface Volume {
  readonly type: string;
  readonly source: string;
  readonly target: string;
}

interface Service {
  readonly image: string;
  readonly volumes: readonly Volume[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly command?: readonly string[];
  readonly [option: string]: unknown;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, object>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
  readonly [part: string]: unknown;
}

const places = {
  dstack: parse(readFromRoot("deploy/dstack/compose.yaml")) as Compose,
  host: parse(readFromRoot("deploy/host/compose.yaml")) as Compose,
} as const;

const socketOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

describe.for(["dstack", "host"] as const)("%s/compose.yaml", (name) => {
  const compose = places[name];
  const { worker, gateway } = compose.services as Readonly<Record<"worker" | "gateway", Service>>;
  const config = parseWorkerConfig(compose.configs["worker"]!.content);

  test("has a worker and a gateway, and nothing else", () => {
    expect(Object.keys(compose).sort()).toEqual(["configs", "services", "volumes"]);
    expect(Object.keys(compose.services).sort()).toEqual(["gateway", "worker"]);
  });

  test("the worker has no network, no port, and no variable", () => {
    expect(worker["network_mode"]).toBe("none");
    for (const option of ["networks", "ports", "expose", "environment", "env_file", "extra_hosts", "links"]) {
      expect(worker).not.toHaveProperty(option);
    }
  });

  test.for(["worker", "gateway"] as const)(
    "the %s cannot write its root, gain rights, or use any it had",
    (service) => {
      const options = compose.services[service]!;
      expect(options["read_only"]).toBe(true);
      expect(options["cap_drop"]).toEqual(["ALL"]);
      expect(options["security_opt"]).toEqual(["no-new-privileges:true"]);
      expect(options["pids_limit"]).toBeGreaterThan(0);
      for (const option of ["privileged", "cap_add", "devices", "pid", "ipc", "userns_mode", "cgroup", "group_add"]) {
        expect(options).not.toHaveProperty(option);
      }
      for (const mount of options["tmpfs"] as readonly string[])
        expect(mount).toMatch(/size=\d+m.*noexec.*nosuid.*nodev/);
    },
  );

  test("the two share one volume, in which the link's socket lies", () => {
    const shared = worker.volumes.filter(({ source }) => gateway.volumes.some((other) => other.source === source));
    expect(shared).toEqual([{ type: "volume", source: "link", target: "/run/phatroom" }]);
    expect(gateway.volumes).toEqual(shared);
    expect(compose.volumes).toHaveProperty("link");
    if (config.address.kind !== "socket") throw new Error("the worker listens on a socket");
    expect(socketOf(config.address.path)).toBe("/run/phatroom");
  });

  test("the worker is started with what stands here, without inspection", () => {
    expect(worker.configs).toEqual([{ source: "worker", target: "/etc/phatroom/worker.json" }]);
    expect(config).toMatchObject({ inspect: false, contracts: "/app/contracts" });
  });
});

describe("dstack/compose.yaml", () => {
  const text = readFromRoot("deploy/dstack/compose.yaml");
  const { worker, gateway } = places.dstack.services as Readonly<Record<"worker" | "gateway", Service>>;

  test("names images by digest, and takes nothing from a variable", () => {
    for (const { image } of [worker, gateway]) expect(image).toMatch(/^[^:@$]+@sha256:[0-9a-f]{64}$/);
    expect(text).not.toContain("${");
    expect(text).not.toMatch(/\benv_file\b|\bbuild:|\bpull_policy\b/);
  });

  test("runs on dstack's platform, in a world that is no development world", () => {
    const config = parseWorkerConfig(places.dstack.configs["worker"]!.content);
    expect(config).toMatchObject({ platform: "dstack", agent: { kind: "socket", path: "/var/run/dstack.sock" } });
    expect(config.world.development).toBe(false);
  });

  test("gives the guest agent's socket to the worker alone, and nothing else of the machine to anybody", () => {
    const bound = worker.volumes.filter(({ type }) => type === "bind");
    expect(bound).toEqual([{ type: "bind", source: "/var/run/dstack.sock", target: "/var/run/dstack.sock" }]);
    expect(gateway.volumes.filter(({ type }) => type !== "volume")).toEqual([]);
    expect(text.match(/dstack\.sock/g)).toHaveLength(3);
  });

  test("starts the gateway with options that it knows", () => {
    const { config } = parseCommandLine(gateway.command!, {});
    expect(config).toMatchObject({ worker: { kind: "socket", path: "/run/phatroom/worker.sock" }, trustedProxies: 1 });
    expect(config.collateral).toBe("https://api.trustedservices.intel.com");
  });
});

describe("host/compose.yaml", () => {
  const { worker, gateway } = places.host.services as Readonly<Record<"worker" | "gateway", Service>>;

  test("says that it is for development, and is reached from the machine itself only", () => {
    const config = parseWorkerConfig(places.host.configs["worker"]!.content);
    expect(config).toMatchObject({ platform: "software", directory: "/var/lib/phatroom" });
    expect(config.world.development).toBe(true);
    expect(gateway["ports"]).toEqual(["127.0.0.1:2567:2567"]);
  });

  test("asks for images by digest, and mounts nothing of the machine", () => {
    for (const { image } of [worker, gateway]) expect(image).toMatch(/^\$\{\w+:\?name it by digest\}$/);
    for (const { volumes } of [worker, gateway]) {
      for (const { type } of volumes) expect(type).toBe("volume");
    }
  });
});

describe("the Containerfile", () => {
  const lines = readFromRoot("deploy/Containerfile")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const stages = lines.join("\n").split(/^(?=FROM )/m);
  const stage = (name: string): string =>
    stages.find((text) => text.startsWith("FROM") && text.includes(` AS ${name}\n`))!;

  test("builds on an image that must be named, twice", () => {
    expect(lines.filter((line) => line.startsWith("ARG"))).toEqual(["ARG NODE_IMAGE"]);
    expect(lines.filter((line) => line.startsWith("FROM"))).toEqual([
      "FROM ${NODE_IMAGE} AS worker",
      "FROM ${NODE_IMAGE} AS gateway",
    ]);
  });

  test("copies into the worker nothing but what was measured", () => {
    const copied = stage("worker").match(/^COPY .*$/gm)!;
    expect(copied.length).toBeGreaterThan(0);
    for (const line of copied) {
      for (const source of line.split(" ").slice(1, -1)) expect(source).toMatch(/^dist\/image\/worker\//);
    }
  });

  test.for(["worker", "gateway"])("installs in the %s what the lock file names, and runs none of it", (name) => {
    expect(stage(name)).toMatch(/npm ci --ignore-scripts/);
    expect(stage(name)).not.toMatch(/npm (i|install) |curl|wget|apt|ADD /);
    expect(stage(name)).toContain("USER 10001:10001");
  });
});
