/**
 * A short game for a contract of which nothing was recorded: people come, watch, drop, return and leave, and time passes.
 * No moves are made: nobody here knows what a move is.
 */
import type { Call } from "#contract/abi.ts";
import { SandboxError, type LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { Recorder } from "#testing/recording.ts";
import { Stage } from "#testing/stage.ts";

/** Seats taken at most, unless a room begins with more. */
const seatsTaken = 16;

const secondsPlayed = 10;

export function playedByItself(contract: LoadedContract): readonly Call[] {
  const recorder = new Recorder(contract);
  try {
    play(new Stage({ contract: recorder.contract, seed: "profile" }));
  } catch (error) {
    // It cannot even open: that is in the recording too.
    if (!(error instanceof SandboxError)) throw error;
  }
  return recorder.calls;
}

function play(stage: Stage): void {
  const { players, spectators } = stage.room.manifest;
  const pass = (seconds: number): void => {
    const until = stage.now + seconds * 1000;
    while (stage.advance(until));
  };
  for (let seat = 0; seat < Math.max(players.min, Math.min(players.max, seatsTaken)); seat++) {
    stage.enter(stage.invite("play"));
    pass(0.1);
  }
  if (spectators > 0) stage.enter(stage.invite("watch"));
  pass(secondsPlayed / 2);
  const [first] = stage.participants;
  stage.cut(first!);
  pass(1);
  stage.enter(first!);
  pass(secondsPlayed / 2);
  stage.leave(first!);
  pass(1);
}
