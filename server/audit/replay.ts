/**
 * Repeats a room from its log and compares: the same records, the same result, the same awards, the same memory.
 *
 * Runs wherever the engine runs: in Node and in pages.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, equalBytes, lengthPrefixed } from "#protocol/bytes.ts";
import { chooseOptions, encodeManifest, frozenLineage, lineageId } from "#protocol/manifest.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import type { Value } from "#protocol/value.ts";
import { Course, type Step } from "#enclave/room/course.ts";
import type { Boundary } from "#enclave/room/inputs.ts";
import { encodeOpening, type Opening } from "#enclave/vault/opening.ts";
import type { Reveal } from "#enclave/vault/reveal.ts";
import { SandboxError, type LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { AuditError, auditErrors, type AuditErrorCode } from "./errors.ts";
import { decodeLogFile, type RoomLogFile } from "./log-file.ts";
import { checkedUpgrade } from "./upgrade.ts";
import type { Difference, ReplayOptions, Report } from "./report.ts";
import { RecordReader, revealOf, type OpenedRecord } from "./records.ts";

/**
 * @param log bytes of a log file.
 * @param contract whose rules the room began with; loaded by the engine that the log names through the contract hash.
 * @throws AuditError "not-a-log", "another-version": there is nothing to report on. All else is in the report.
 */
export function replay(log: Uint8Array, contract: LoadedContract, options: ReplayOptions = {}): Report {
  return new Replay(decodeLogFile(log), contract, options).run();
}

class Replay {
  readonly #file: RoomLogFile;
  /** That the room began with. */
  readonly #first: LoadedContract;
  readonly #options: ReplayOptions;
  readonly #differences: Difference[] = [];
  readonly #upgrades: Report["upgrades"][number][] = [];
  /** That it is played by. */
  #contract: LoadedContract;
  readonly #players: Report["players"][number][] = [];
  readonly #awards: Report["awards"][number][] = [];
  #course: Course | undefined;
  #opening: Opening | undefined;
  #openings = 0;
  #records = 0;
  #moves = 0;
  #head: Uint8Array = new Uint8Array(32);
  #told: Uint8Array = new Uint8Array(32);
  #viewsTold = 0;

  constructor(file: RoomLogFile, contract: LoadedContract, options: ReplayOptions) {
    this.#file = file;
    this.#first = contract;
    this.#contract = contract;
    this.#options = options;
  }

  run(): Report {
    try {
      this.#repeat();
    } catch (error) {
      if (!(error instanceof AuditError)) throw error;
      this.#differ(error);
    }
    const report = this.#report();
    this.#course?.close();
    return report;
  }

  #repeat(): void {
    this.#checkContract();
    const { head, decompress } = this.#options;
    const reveal = revealOf(this.#file);
    // Nothing of a log is repeated before all of it was read: whatever was changed by somebody without keys ends here.
    const opened: OpenedRecord[] = [];
    const reader = new RecordReader(this.#file, reveal?.openings ?? this.#file.keys!, decompress);
    for (let record = reader.next(); record !== undefined; record = reader.next()) {
      opened.push(record);
      this.#records += 1;
      this.#head = record.head;
    }
    reader.checkAllRead();
    for (const record of opened) {
      if (record.kind === "opening") this.#open(record.index, record.opening);
      else if (record.kind === "boundary") this.#step(record.index, record.boundary);
    }
    if (reveal !== undefined) this.#checkEnd(reveal, this.#records - 1);
    if (head !== undefined && !equalBytes(head, this.#head)) {
      this.#differ(new AuditError("another-end", this.#records - 1, `said: ${bytesToHex(head)}`));
    }
  }

  #checkContract(): void {
    const { contract, manifest, place } = this.#file;
    const { terms } = this.#options;
    const { hash } = this.#first;
    if (!equalBytes(contract, hash)) throw new AuditError("other-contract", null, `given: ${bytesToHex(hash)}`);
    if (!equalBytes(manifest, encodeManifest(this.#first.manifest))) {
      throw new AuditError("other-contract", null, "the manifest in the log is another");
    }
    if (terms !== undefined && !equalBytes(place.lineage, lineageId(place.world, hash, terms))) {
      throw new AuditError("other-terms", null, `the log's lineage: ${bytesToHex(place.lineage)}`);
    }
  }

  #open(index: number, opening: Opening): void {
    this.#openings += 1;
    const before = this.#opening;
    this.#opening = opening;
    if (before === undefined) return this.#begin(index, opening);
    const same = equalBytes(encodeOpening({ ...opening, contract: before.contract }), encodeOpening(before));
    if (!same) throw new AuditError("out-of-place", index, "an opening of another room");
    const course = this.#course!;
    if (!equalBytes(opening.contract, before.contract)) this.#upgrade(index, course, opening);
    // Whoever opened it was to change the rules, and could not: they are not changed later.
    else if (course.upgradeDue) course.dropUpgrade();
  }

  #begin(index: number, { contract, options, seed }: Opening): void {
    if (!equalBytes(contract, this.#first.hash)) throw new AuditError("other-contract", index, bytesToHex(contract));
    try {
      chooseOptions(this.#first.manifest, options);
      this.#course = new Course({ contract: this.#first, options, seed, fault: () => undefined });
    } catch (error) {
      throw failed(index, error);
    }
  }

  /** @throws AuditError "rules-missing", "not-upgraded", "contract-failed". */
  #upgrade(index: number, course: Course, { contract, options, seed }: Opening): void {
    const keys = checkedUpgrade(course, {
      index,
      from: this.#contract.hash,
      to: contract,
      lineage: this.#file.place.lineage,
      terms: this.#options.terms,
    });
    const next = this.#options.later?.find(({ hash }) => equalBytes(hash, contract));
    if (next === undefined) throw new AuditError("rules-missing", index, bytesToHex(contract));
    try {
      this.#course = course.upgraded({ contract: next, options, seed, fault: () => undefined });
    } catch (error) {
      throw failed(index, error);
    }
    course.close();
    this.#contract = next;
    this.#viewsTold = -1;
    this.#upgrades.push({ index, contract: bytesToHex(contract), keys });
  }

  #step(index: number, boundary: Boundary): void {
    const course = this.#course!;
    const { tick, from = tick } = boundary;
    if (tick < course.tick || from > tick || (boundary.from !== undefined && from <= course.tick)) {
      throw new AuditError("out-of-place", index, `tick ${tick} behind tick ${course.tick}`);
    }
    const step = course.step(boundary);
    for (const input of boundary.inputs) {
      if (input.input === "move") this.#moves += 1;
      if (input.input === "join") this.#players.push({ player: input.player, seat: input.seat, name: input.name });
    }
    for (const happening of step.happenings) {
      if (happening.happening === "awarded") {
        this.#awards.push({ player: happening.player, once: happening.once, item: happening.item });
      }
    }
    this.#tell(step);
    this.#options.look?.({ index, boundary, step, course, contract: this.#contract });
  }

  /** Everything that this boundary may have told anybody. */
  #tell({ outcomes, happenings }: Step): void {
    const course = this.#course!;
    const { tick, views } = course;
    const seen: Uint8Array[] = [];
    if (views.version !== this.#viewsTold) {
      this.#viewsTold = views.version;
      for (const perspective of [...course.members.all().map(({ seat }) => seat), "spectators" as const]) {
        seen.push(encodeMsgpack([perspective, views.of(perspective)?.value ?? null]));
      }
    }
    const said = [...outcomes, ...happenings].map((one) => encodeMsgpack(one as unknown as Value));
    this.#told = sha256(lengthPrefixed("phatroom/1/told", this.#told, encodeMsgpack(tick), ...said, ...seen));
  }

  #checkEnd({ place, contract, manifest, finale }: Reveal, index: number): void {
    const found = this.#course?.finale;
    const sameRoom =
      equalBytes(place.world, this.#file.place.world) &&
      equalBytes(place.lineage, this.#file.place.lineage) &&
      place.room === this.#file.place.room;
    if (!sameRoom || !equalBytes(contract, this.#file.contract) || !equalBytes(manifest, this.#file.manifest)) {
      this.#differ(new AuditError("other-room", index, place.room));
    }
    if (found === undefined) throw new AuditError("not-the-end", index, "repeated, the room is not over");
    const compare = (code: AuditErrorCode, said: unknown, here: unknown): void => {
      if (text(said) !== text(here))
        this.#differ(new AuditError(code, index, `said: ${text(said)}, here: ${text(here)}`));
    };
    compare("result-differs", { tick: finale.tick, result: finale.result }, { tick: found.tick, result: found.result });
    compare("awards-differ", finale.awards, found.awards);
    compare("memory-differs", finale.memory, found.memory);
  }

  #differ({ code, index, detail }: AuditError): void {
    this.#differences.push({ code, sentence: auditErrors[code], index, detail });
  }

  #report(): Report {
    const { place, contract, keys } = this.#file;
    const { manifest } = this.#first;
    const ticks = this.#course?.tick ?? 0;
    const { head, terms } = this.#options;
    return {
      accepted: this.#differences.length === 0,
      differences: this.#differences,
      world: bytesToHex(place.world),
      lineage: bytesToHex(place.lineage),
      room: place.room,
      contract: bytesToHex(contract),
      name: manifest.name,
      frozen: equalBytes(place.lineage, lineageId(place.world, contract, frozenLineage)),
      upgrades: this.#upgrades,
      upgraders: terms === undefined ? "nothing-said" : "as-said",
      keys: keys === undefined ? "revealed" : "development",
      head: head === undefined ? "nothing-said" : equalBytes(head, this.#head) ? "as-said" : "differs",
      records: this.#records,
      openings: this.#openings,
      moves: this.#moves,
      players: this.#players,
      ticks,
      seconds: ticks / manifest.hz,
      ended: this.#course?.ended ?? null,
      awards: this.#awards,
      lastHead: bytesToHex(this.#head),
      told: bytesToHex(this.#told),
      memory: this.#course === undefined ? "" : bytesToHex(this.#course.memory()),
    };
  }
}

function failed(index: number, error: unknown): AuditError {
  return new AuditError("contract-failed", index, error instanceof SandboxError ? error.detail : String(error));
}

/** Bytes in hex; fields in their order. */
const text = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (part instanceof Uint8Array ? bytesToHex(part) : part));
