import { expect } from 'vitest';
import type { ImportSummary } from '../../src/shared/importSummary.ts';
import type { TestEmulator } from './emulator.ts';

/** One record of an export. */
export type ExportedLine = Readonly<Record<string, unknown>> & { readonly type: string };

/** What an emulator remembers, by its admin API. */
export async function exportFrom({ url }: Pick<TestEmulator, 'url'>): Promise<string> {
  const response = await fetch(`${url}/_emulator/memories`);
  expect(response.headers.get('content-type')).toBe('application/jsonl');
  return response.text();
}

/** Has an emulator remember lines; the answer's status, and what it says. */
export async function importInto(
  { url }: Pick<TestEmulator, 'url'>,
  lines: string | readonly object[],
): Promise<ImportSummary & { readonly message?: string; readonly status: number }> {
  const body =
    typeof lines === 'string' ? lines : lines.map((line) => JSON.stringify(line)).join('\n');
  const response = await fetch(`${url}/_emulator/memories`, { method: 'POST', body });
  return { status: response.status, ...((await response.json()) as ImportSummary) };
}

/** The records of an export. */
export function readLines(lines: string): ExportedLine[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ExportedLine);
}
