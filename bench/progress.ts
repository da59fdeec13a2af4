/** One line on standard error that says what is going on; standard output is for the result alone. */

const { stderr } = process;
let length = 0;

export function progress(text: string): void {
  if (!stderr.isTTY) {
    stderr.write(`${text}\n`);
    return;
  }
  stderr.write(`\r${text.padEnd(length)}`);
  length = text.length;
}

/** Leaves the terminal's line to whoever writes next. */
export function progressDone(): void {
  if (stderr.isTTY && length > 0) stderr.write(`\r${" ".repeat(length)}\r`);
  length = 0;
}
