import { stripVTControlCharacters } from 'node:util';
import { readBuildKitStatus } from './buildkitTrace.ts';

/** One message of the engine about a build, as the API streams them. */
export interface BuildMessage {
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly progress?: string;
  readonly error?: string;
  readonly aux?: unknown;
}

/** A build as it can be followed, whichever of its builders the engine uses. */
export interface BuildProgress {
  take(message: BuildMessage): void;
  /** How the build failed, with the step and what that printed; null while it has not. */
  failure(): string | null;
}

/** What the classic builder mixes into a step's own output. */
const OF_THE_BUILDER = /^ ---> |^Removing intermediate container /;

/** How much of a failed step's output is quoted. */
const QUOTED_LINES = 40;

/** Follows a build: its lines go to `onLine`, and what failed is kept. */
export function createBuildProgress(onLine: (text: string) => void): BuildProgress {
  const outputs = new Map<string, string[]>();
  const names = new Map<string, string>();
  const unfinished = new Map<string, string>();
  let step = '';
  let failed: string | null = null;

  function print(of: string, text: string): void {
    // A progress bar is drawn over itself; only its last form is worth a line.
    const line = stripVTControlCharacters(text.replace(/^.*\r(?=.)/, '')).trimEnd();
    if (line === '') return;
    onLine(line);
    if (OF_THE_BUILDER.test(line)) return;
    const output = outputs.get(of) ?? [];
    outputs.set(of, output);
    output.push(line);
    if (output.length > QUOTED_LINES) output.shift();
  }

  function printPart(of: string, text: string): void {
    const lines = ((unfinished.get(of) ?? '') + text).split('\n');
    unfinished.set(of, lines.pop()!);
    for (const line of lines) print(of, line);
  }

  function begin(digest: string, name: string): void {
    if (names.has(digest)) return;
    names.set(digest, name);
    onLine(name);
  }

  function takeClassic(text: string): void {
    // Each step begins with a line of its own; of Podman's, in its own way.
    if (/^step \d+\/\d+ ?: /i.test(text)) {
      step = text.trim();
      begin(step, step);
    } else printPart(step, text);
  }

  function takeBuildKit(base64: string): void {
    const { steps, output } = readBuildKitStatus(base64);
    for (const { digest, name, started, cached, error } of steps) {
      if (started || cached) begin(digest, cached ? `${name} (cached)` : name);
      // What hangs on the failed step is cancelled and says so; the first is the cause.
      if (error && !error.endsWith('context canceled')) fail(digest, error);
    }
    for (const { step, text } of output) printPart(step, text);
  }

  function fail(of: string, error: string): void {
    if (failed !== null) return;
    for (const [step, rest] of unfinished) print(step, rest);
    const output = outputs.get(of) ?? [];
    const name = names.get(of);
    failed = [
      name === undefined || name === '' ? error : `${name}\nfailed: ${error}`,
      ...(output.length > 0 ? ['Its output:', ...output] : []),
    ].join('\n');
  }

  return {
    take({ stream, status, id, progress, error, aux }) {
      if (stream !== undefined) takeClassic(stream);
      if (id === 'moby.buildkit.trace' && typeof aux === 'string') takeBuildKit(aux);
      // Pulling a base image: what changes many times a second is left out.
      if (status !== undefined && !progress) onLine(id === undefined ? status : `${id}: ${status}`);
      if (error !== undefined) fail(step, error);
    },
    failure: () => failed,
  };
}
