/** A recording of a played room is what its contract was asked: no call more, none less, also where one ended early. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { accept, type Contract } from "#contract/index.ts";
import { encodeCall } from "#contract/abi.ts";
import { decodeRecording, encodeRecording, Recorder } from "#testing/recording.ts";
import { inProcess } from "#testing/in-process.ts";
import { playRoom } from "#testing/play.ts";
import { Stage } from "#testing/stage.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { anyLog, opening } from "../conformance/room-log.ts";

test("what is written is read again", () => {
  fc.assert(
    fc.property(anyLog, (calls) => {
      expect(decodeRecording(encodeRecording(calls))).toEqual(calls);
    }),
  );
});

test.for([
  ["nothing", "", /not JSON/],
  ["another file", "{}", /no list/],
  ["a list of other things", '{"calls":[7]}', /number 1 of its calls/],
  ["what is not hex", JSON.stringify({ calls: [bytesToHex(encodeCall(opening[0]!)), "zz"] }), /number 2/],
  ["a call that does not exist", '{"calls":["81a463616c6ca464616e6365"]}', /number 1/],
  ["a view of nobody", '{"calls":["82a463616c6ca476696577a47469636b01"]}', /number 1/],
] as const)("%s is no recording", ([, text, message]) => {
  expect(() => decodeRecording(text)).toThrow(TypeError);
  expect(() => decodeRecording(text)).toThrow(message);
});

const counter: Contract<{ sum: number }, number, number> = {
  name: "counter",
  players: { min: 1, max: 2 },
  moves: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: value as number }) } },
  open: () => ({ sum: 0 }),
  apply({ sum }, move) {
    if (move < 0) throw new Error("less than nothing");
    return accept({ sum: sum + move });
  },
  view: ({ sum }) => sum,
};

test("a played room can be played again from its recording", () => {
  const room = playRoom(counter);
  const ann = room.join("Ann");
  ann.move(2);
  ann.move(3);
  const again = inProcess(counter).instantiate();
  const calls = decodeRecording(room.recording);
  for (const call of calls) again.call(call);
  expect(again.state).toEqual({ sum: 5 });
  expect(calls.map(({ call }) => call)).toEqual(["open", "join", "view", "move", "view", "move", "view"]);
});

test("a call that ended early is recorded once, and what the room repeats after it is not", () => {
  const recorder = new Recorder(inProcess(counter));
  const stage = new Stage({ contract: recorder.contract, seed: "recording" });
  const ann = stage.invite("play");
  stage.enter(ann);
  for (const move of [2, -1, 3]) {
    stage.move(ann, move);
    stage.advance(stage.now + 100);
  }
  expect(stage.faults).toHaveLength(1);
  const moves = recorder.calls.flatMap((call) => (call.call === "move" ? [call.move] : []));
  expect(moves).toEqual([2, -1, 3]);
  expect(recorder.calls.filter(({ call }) => call === "open")).toHaveLength(1);
});
