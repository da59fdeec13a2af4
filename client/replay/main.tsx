/** Puts the page together: the engine is loaded when there is something to repeat. */
import { render } from "preact";
import quickJs from "quickjs-wasi/quickjs.wasm?url";
import { pageEngine } from "#audit/page-engine.ts";
import { App } from "./app.tsx";
import { ReplayState } from "./replay-state.ts";

let engine: ReturnType<typeof pageEngine> | undefined;

async function load(): ReturnType<typeof pageEngine> {
  const response = await fetch(quickJs);
  return pageEngine(new Uint8Array(await response.arrayBuffer()));
}

render(<App state={new ReplayState(() => (engine ??= load()))} />, document.getElementById("app")!);
