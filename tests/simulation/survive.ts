/** What happens in a story, and what must be true at its end. */
import { bytesToHex } from "#protocol/bytes.ts";
import { decodeCourse } from "#enclave/room/course-codec.ts";
import { Course } from "#enclave/room/course.ts";
import { Vault } from "#enclave/vault/vault.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { courseBytes, replay } from "./archive.ts";
import { anyWeather, fairWeather } from "./mischief.ts";
import type { Puts } from "./rules.ts";
import { Story, world, type StorySetup } from "./story.ts";

/** Which rules, and who is against them. */
export interface StoryKind {
  readonly rules: "table" | "hall" | "pulse";
  readonly hostile: boolean;
  readonly split: boolean;
}

export interface Survived {
  readonly acknowledgements: number;
  readonly events: ReadonlyMap<string, number>;
  readonly lied: boolean;
}

/** @throws Error with the seed and what went wrong. */
export async function survive(setup: StorySetup & Pick<StoryKind, "hostile">): Promise<Survived> {
  const story = await Story.begin(setup);
  const { oracle } = story;
  const check = (): void => {
    if (oracle.violations.length > 0) {
      const { manifest } = setup.contract;
      throw new Error(
        `seed ${setup.seed}, ${manifest.name}${setup.hostile ? ", hostile" : ""}: ${oracle.violations.slice(0, 3).join("; ")}`,
      );
    }
  };
  const length = 20 + story.numbers.below(60);
  for (let step = 0; step < length; step++) {
    happen(story, setup.hostile);
    await story.time.pass(story.numbers.pick([1, 5, 20, 60, 200, 1000, 4000]));
    check();
  }
  if (!oracle.lied) await end(story);
  check();
  for (const worker of story.workers) worker?.kill();
  return { acknowledgements: oracle.acknowledgements, events: oracle.events, lied: oracle.lied };
}

/** One thing of many. */
function happen(story: Story, hostile: boolean): void {
  const { numbers, bots, oracle } = story;
  const what = numbers.below(hostile ? 120 : 100);
  const bot = numbers.pick(bots);
  const i = numbers.below(2);
  const worker = story.workers[i];
  if (what < 50) return put(story);
  if (what < 56) return story.cutLine(bot);
  if (what < 60) return bot.go();
  if (what < 68) {
    for (const each of bots) void each.come();
    return;
  }
  if (what < 73) return story.killWorker(i);
  if (what < 79) return worker === undefined ? story.startWorker(i) : undefined;
  if (what < 83) return void (story.weather = anyWeather(numbers, hostile));
  if (what < 87) return void (story.weather = fairWeather());
  if (what < 89) return numbers.pick(story.gateways).store.crash();
  if (what < 92) {
    if (worker !== undefined) numbers.pick(story.gateways).cut(worker, numbers.below(5000), numbers.below(20_000));
    return;
  }
  if (what < 95) return story.connect();
  if (what < 97) return worker?.jump(numbers.pick([100, 5000, 600_000]));
  if (what < 100) return void (story.route = { worker: numbers.below(2), gateway: numbers.below(2) });
  oracle.event("lie");
  lie(story);
}

function put(story: Story): void {
  const { numbers, bots } = story;
  for (let left = 1 + numbers.below(5); left > 0; left--) numbers.pick(bots).put();
}

/** What a host may do to what it keeps. */
function lie(story: Story): void {
  const { numbers, disks, shown, oracle } = story;
  const gateway = numbers.below(2);
  switch (numbers.below(3)) {
    case 0:
      // For later, or at once: two histories from here on.
      disks.push(disks[shown[gateway]!]!.copy());
      return;
    case 1:
      shown[gateway] = numbers.below(disks.length);
      oracle.lied = true;
      return;
    default:
      // The truth again, or what passes for it.
      shown.fill(0);
      oracle.lied = true;
  }
}

/** Fair weather: everybody comes back, everything is answered, and all accounts of what happened are one. */
async function end(story: Story): Promise<void> {
  const { oracle, bots, time } = story;
  story.weather = fairWeather();
  story.route = { worker: 0, gateway: 0 };
  // One worker goes on; what else there was is gone.
  story.killWorker(1);
  if (story.workers[0] === undefined) story.startWorker(0);
  await everybodyBack(story);
  // A worker whose room went on elsewhere learns it when there is something to say.
  for (const bot of bots) bot.put("plain");
  await time.pass(3000);
  await everybodyBack(story);
  for (const bot of bots) {
    const { room, over, name } = bot;
    if (over !== undefined) oracle.wrong(`${name} is out for good: ${over.message}`);
    else if (!bot.settled) oracle.wrong(`${name} does not get back: ${room?.connection ?? "never joined"}`);
  }
  // Whoever came back last brought a move along that others are still to be shown.
  await time.pass(1000);
  // In a room that ticks something is always on its way, but not in every moment. And a worker may be the last to notice that
  // the link over which it asked its store is gone: up to twenty seconds after the gateway, which then makes another.
  for (let waited = 0; waited < 60_000 && !allDurable(story); waited += 7) {
    story.connect();
    await time.pass(7);
  }
  if (oracle.violations.length === 0) await compare(story);
}

async function everybodyBack(story: Story): Promise<void> {
  const { bots, time } = story;
  for (let waited = 0; waited < 180_000 && !bots.every(({ settled }) => settled); waited += 1000) {
    story.connect();
    for (const bot of bots) void bot.come();
    await time.pass(1000);
  }
}

function allDurable({ workers, room }: Story): boolean {
  const log = workers[0]?.rooms.find(room)?.log;
  return log !== undefined && log.durable === log.recorded;
}

async function compare(story: Story): Promise<void> {
  const { oracle, contract, lineage, room, archive, bots } = story;
  const hosted = story.workers[0]?.rooms.find(room);
  if (hosted?.log === undefined) return oracle.wrong("the room is not there at the end");
  const { log } = hosted;
  if (log.durable !== log.recorded) oracle.wrong("something is never durable");
  const store = new MemoryStore(story.disks[0]!);
  const state = await store.state(story.chain);
  if (bytesToHex(state!.head) !== bytesToHex(log.head)) oracle.wrong("the store has another head than the room");
  if (state!.length !== log.length) oracle.wrong("the store has other records than the room");
  // In a room that ticks, quiet ticks after the newest record are in no log yet.
  const live = contract.manifest.pace === "ticks" ? undefined : courseBytes(decodeCourse(hosted.room.save()));
  const again = replay(archive, { room, world, lineage, contract }, log.head);
  const read = await readBack(story, store);
  if (again === undefined || read === undefined) return oracle.wrong("the room cannot be read back");
  const bytes = courseBytes(again.course.save());
  if (!same(bytes, courseBytes(read.save())))
    oracle.wrong("from its snapshot it is another room than from its beginning");
  if (live !== undefined && !same(bytes, live)) oracle.wrong("repeated it is another room than it was");
  for (const bot of bots) {
    const shown = bot.room?.view;
    const view = again.course.views.of(bot.room?.seat ?? "spectators")?.value as Puts | undefined;
    if (shown === null || shown === undefined || view === undefined) continue;
    if (JSON.stringify(shown.puts) !== JSON.stringify(view.puts)) oracle.wrong(`${bot.name} is shown another view`);
    if (shown.drawn !== view.drawn) oracle.wrong(`${bot.name} is shown another draw`);
  }
}

/** As the next worker would. */
async function readBack(story: Story, store: MemoryStore): Promise<Course | undefined> {
  const { lineage, random, room, contract } = story;
  const vault = new Vault({ store, world, lineages: [lineage], random, log: () => undefined });
  const kept = await vault.read(room);
  if (kept === undefined) return undefined;
  const { options, seed } = kept.opening;
  const course = new Course({ contract, options, seed, fault: () => undefined }, kept.course);
  for (const boundary of kept.boundaries) course.step(boundary);
  return course;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
