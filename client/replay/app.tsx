/** The page: two kinds of files go in, a verdict comes out, and the room can be stepped through. */
import type { JSX } from "preact";
import { Notice } from "#kit/parts/notice.tsx";
import { FoundPanel } from "./found.tsx";
import type { ReplayState } from "./replay-state.ts";
import { Steps } from "./steps.tsx";

export function App({ state }: { readonly state: ReplayState }): JSX.Element {
  const found = state.found.value;
  const moment = state.moment.value;
  const trouble = state.trouble.value;
  return (
    <main class="replay" id="main">
      <header>
        <h1>Replay a room</h1>
        <p>
          Your browser plays the room once more, from its revealed log and by its rules, and says whether everything is
          as the enclave said. The files stay on this device.
        </p>
      </header>
      <Given state={state} />
      {state.working.value ? (
        <Notice tone="info" name="working">
          <p>Repeating…</p>
        </Notice>
      ) : null}
      {trouble === null ? null : (
        <div data-trouble>
          <Notice tone="bad" role="alert">
            <p>{trouble}</p>
          </Notice>
        </div>
      )}
      {found === null ? null : <FoundPanel found={found} />}
      {found === null || moment === null ? null : (
        <Steps boundaries={found.boundaries} moment={moment} onLook={(index) => state.look(index)} />
      )}
    </main>
  );
}

function Given({ state }: { readonly state: ReplayState }): JSX.Element {
  const log = state.log.value;
  const rules = state.rules.value;
  return (
    <section class="glass ticks given" aria-label="What is repeated">
      <label class="field">
        <span>
          The log, as <code>phatroom export</code> writes it, and the rules, as <code>phatroom build</code> writes them
        </span>
        <input
          class="input"
          type="file"
          multiple
          data-field="files"
          onChange={(event) => void giveAll(state, event.currentTarget)}
        />
      </label>
      <ul class="lines">
        <li data-log={log?.name}>Log: {log === null ? "not given yet" : log.name}</li>
        {rules.length === 0 ? <li>Rules: not given yet</li> : null}
        {rules.map(({ name }) => (
          <li key={name} data-rules={name}>
            Rules: {name}
          </li>
        ))}
      </ul>
      <label class="field">
        <span>The head that the enclave told its players, if you know it</span>
        <input
          class="input mono"
          data-field="head"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          placeholder="64 digits and letters a to f"
          value={state.head.value}
          onChange={(event) => void state.say(event.currentTarget.value)}
        />
      </label>
    </section>
  );
}

async function giveAll(state: ReplayState, input: HTMLInputElement): Promise<void> {
  const files = [...(input.files ?? [])];
  const given = await Promise.all(
    files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
  );
  input.value = "";
  await state.give(given);
}
