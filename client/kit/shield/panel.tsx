/** The shield panel: every check in words, the values to compare, the evidence to take away, and what no check covers. */
import type { ComponentChildren, JSX } from "preact";
import { CopyButton } from "../parts/copy-button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Check, Cross, Download, Shield as ShieldIcon, Warning } from "../parts/icons.tsx";
import type { Shield } from "#client/shield.ts";
import { marks } from "./chip.tsx";
import { type ReportLine, reportOf } from "#client/report.ts";
import { evidenceFileName, notProtected, summaryOf, type Proof } from "./report.ts";

/** What was built into this page, for a person who compares. */
export interface PageFacts {
  /** Where this page came from. */
  readonly origin: string;
  /** Where it connects. */
  readonly place: string;
  /** 64 hex digits each. */
  readonly world: string;
  readonly contract: string;
}

interface PanelProps {
  readonly proof: Proof;
  readonly facts: PageFacts;
  readonly onClose: () => void;
}

export function Panel({ proof, facts, onClose }: PanelProps): JSX.Element {
  const summary = summaryOf(proof);
  const { shield } = proof;
  return (
    <Dialog
      title={summary.title}
      look="shield-panel"
      icon={
        <span class="shield-sign" data-tone={summary.tone}>
          <ShieldIcon mark={marks[summary.tone]} />
        </span>
      }
      onClose={onClose}
    >
      <p class="shield-text" data-shield-text={summary.tone}>
        {summary.text}
      </p>
      <p class="shield-origin" data-origin>
        This page came from <b>{facts.origin}</b>. Whoever serves it could show you anything: compare the address.
      </p>
      {shield === null ? null : <Checks shield={shield} lines={reportOf(shield, proof.failure)} />}
      <Part title="What this does not protect">
        <ul class="bullets">
          {notProtected({
            development: shield?.accepted === true ? shield.development : proof.developmentPage,
            presence: proof.presence,
          }).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Part>
      <Part title="Built into this page">
        <dl class="facts">
          <Fact name="It connects to" value={facts.place} />
          <Fact name="World it accepts" value={facts.world} />
          <Fact name="Rules it accepts (contract hash)" value={facts.contract} />
        </dl>
      </Part>
      <div class="buttons">
        {shield === null ? null : (
          <button class="button" type="button" data-action="download-evidence" onClick={() => download(shield)}>
            <Download />
            Download the evidence
          </button>
        )}
        <button class="button main" type="button" data-action="close-shield" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

const verdictWords: Record<ReportLine["verdict"], string> = {
  pass: "Passed",
  warn: "Note",
  fail: "Failed",
  "not-reached": "Not reached",
};

function Checks({ shield, lines }: { readonly shield: Shield; readonly lines: readonly ReportLine[] }): JSX.Element {
  return (
    <Part title={`What was checked, ${new Date(shield.checkedAt).toLocaleTimeString()}`}>
      <ul class="checks">
        {lines.map((row) => (
          <li key={row.name} data-check={row.name} data-verdict={row.verdict}>
            <span class="check-verdict">
              <VerdictSign verdict={row.verdict} />
              {verdictWords[row.verdict]}
            </span>
            <div>
              <b>{row.name}</b>
              <p>{row.sentence}</p>
              {row.value === "" ? null : <Value name={row.name} value={row.value} />}
            </div>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function VerdictSign({ verdict }: { readonly verdict: ReportLine["verdict"] }): JSX.Element | null {
  if (verdict === "pass") return <Check />;
  if (verdict === "warn") return <Warning />;
  return verdict === "fail" ? <Cross /> : null;
}

const Part = ({ title, children }: { readonly title: string; readonly children: ComponentChildren }): JSX.Element => (
  <section class="panel-part">
    <h3>{title}</h3>
    {children}
  </section>
);

const Fact = ({ name, value }: { readonly name: string; readonly value: string }): JSX.Element => (
  <div>
    <dt>{name}</dt>
    <dd>
      <Value name={name} value={value} />
    </dd>
  </div>
);

/** Long values are cut to fit, and copied whole. */
const Value = ({ name, value }: { readonly name: string; readonly value: string }): JSX.Element => (
  <span class="value">
    <code title={value}>{value}</code>
    <CopyButton text={value} label={`Copy ${name}`} look="small round" bare />
  </span>
);

function download(shield: Shield): void {
  const address = URL.createObjectURL(
    new Blob([new Uint8Array(shield.evidence)], { type: "application/octet-stream" }),
  );
  const link = document.createElement("a");
  link.href = address;
  link.download = evidenceFileName(shield);
  link.click();
  // The browser has begun to read it by then; without this every download would stay in memory.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
