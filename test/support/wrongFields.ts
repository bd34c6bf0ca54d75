import { expect, test } from 'vitest';
import { readProject } from '../../src/core/project/project.ts';
import { useProject } from './project.ts';

type Path = readonly (string | number)[];

/** A copy of a JSON value in which one field has another value, or is absent. */
function change(file: object, path: Path, value?: unknown): object {
  // Unlike structuredClone, this separates values that occur twice.
  const copy = JSON.parse(JSON.stringify(file)) as object;
  let parent = copy as Record<string | number, unknown>;
  for (const part of path.slice(0, -1)) parent = parent[part] as typeof parent;
  if (value === undefined) delete parent[path.at(-1)!];
  else parent[path.at(-1)!] = value;
  return copy;
}

/** The errors of a file, and the text at the line and column that the first one names. */
async function readErrors(file: object): Promise<{ messages: string[]; text: string }> {
  const json = JSON.stringify(file, null, 2);
  const outcome = await readProject(await useProject(json)).catch((error: Error) => error);
  const lines = outcome instanceof Error ? outcome.message.split('\n') : [];
  const [, line, column] = /^agentcore\/agentcore\.json:(\d+):(\d+): /.exec(lines[0]!)!;
  return {
    messages: lines.map((message) => message.replace(/^agentcore\/agentcore\.json:\d+:\d+: /, '')),
    text: json.split('\n')[Number(line) - 1]!.slice(Number(column) - 1),
  };
}

/** A path to change, its new value (undefined removes it), and what is reported. */
export type WrongField = readonly [path: Path, value: unknown, message: string];

/** Tests that each wrong field of a file is reported with its place, value and fix. */
export function testWrongFields(file: object, fields: readonly WrongField[]): void {
  test.for(fields)(
    'A wrong field is reported with its place, value and fix: $2',
    async ([path, value, expected]) => {
      const { messages, text } = await readErrors(change(file, path, value));
      // The expected message does not repeat a long value.
      expect(messages.map(shorten)).toEqual([shorten(expected)]);
      const shown = /: ("[^"]*"|\d+) /.exec(expected)?.[1];
      if (shown !== undefined) expect(text.startsWith(shown)).toBe(true);
    },
  );
}

/** Replaces an object or a list before the sentences of a message, unless it is short. */
function shorten(message: string): string {
  return message.replace(/: ([[{]).{40,} (?=has |is |needs )/, (_, bracket: string) =>
    bracket === '[' ? ': […] ' : ': {…} ',
  );
}
