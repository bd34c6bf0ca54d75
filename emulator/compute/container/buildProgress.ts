import { stripVTControlCharacters } from 'node:util';
import { readBuildKitStatus } from './buildkitTrace.ts';

/** A message of the engine's build API. */
export interface BuildMessage {
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly progress?: string;
  readonly error?: string;
  readonly aux?: unknown;
}

/** Tracks a build by the classic builder or BuildKit. */
export interface BuildProgress {
  take(message: BuildMessage): void;
  /** The failed step with its error and output; null if nothing has failed. */
  failure(): string | null;
}

/** Lines that the classic builder mixes into a step's own output. */
const BUILDER_LINE = /^ ---> |^Removing intermediate container /;

/** The last lines of a failed step's output that are quoted. */
const QUOTED_LINES = 40;

/** Tracks a build. Its lines go to `onLine`. */
export function createBuildProgress(onLine: (text: string) => void): BuildProgress {
  const outputs = new Map<string, string[]>();
  const names = new Map<string, string>();
  const unfinished = new Map<string, string>();
  let step = '';
  let failed: string | null = null;

  function print(stepId: string, text: string): void {
    // A progress bar overwrites itself; only its last state is printed.
    const line = stripVTControlCharacters(text.replace(/^.*\r(?=.)/, '')).trimEnd();
    if (line === '') return;
    onLine(line);
    if (BUILDER_LINE.test(line)) return;
    const output = outputs.get(stepId) ?? [];
    outputs.set(stepId, output);
    output.push(line);
    if (output.length > QUOTED_LINES) output.shift();
  }

  function printPart(stepId: string, text: string): void {
    const lines = ((unfinished.get(stepId) ?? '') + text).split('\n');
    unfinished.set(stepId, lines.pop()!);
    for (const line of lines) print(stepId, line);
  }

  function begin(digest: string, name: string): void {
    if (names.has(digest)) return;
    names.set(digest, name);
    onLine(name);
  }

  function readClassicMessage(text: string): void {
    // Each step starts with a header line, which Podman writes differently.
    if (/^step \d+\/\d+ ?: /i.test(text)) {
      step = text.trim();
      begin(step, step);
    } else printPart(step, text);
  }

  function readBuildKitMessage(base64: string): void {
    const { steps, output } = readBuildKitStatus(base64);
    for (const { digest, name, started, cached, error } of steps) {
      if (started || cached) begin(digest, cached ? `${name} (cached)` : name);
      // Dependent steps are reported as canceled; the first error is the cause.
      if (error && !error.endsWith('context canceled')) fail(digest, error);
    }
    for (const { step, text } of output) printPart(step, text);
  }

  function fail(stepId: string, error: string): void {
    if (failed !== null) return;
    for (const [step, rest] of unfinished) print(step, rest);
    const output = outputs.get(stepId) ?? [];
    const name = names.get(stepId);
    failed = [
      name === undefined || name === '' ? error : `${name}\nfailed: ${error}`,
      ...(output.length > 0 ? ['Its output:', ...output] : []),
    ].join('\n');
  }

  return {
    take({ stream, status, id, progress, error, aux }) {
      if (stream !== undefined) readClassicMessage(stream);
      if (id === 'moby.buildkit.trace' && typeof aux === 'string') readBuildKitMessage(aux);
      // Skips the progress of base image pulls, which changes many times a second.
      if (status !== undefined && !progress) onLine(id === undefined ? status : `${id}: ${status}`);
      if (error !== undefined) fail(step, error);
    },
    failure: () => failed,
  };
}
