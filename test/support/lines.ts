import { expect } from 'vitest';
import type { ImportSummary } from '../../src/shared/importSummary.ts';
import type { TestEmulator } from './emulator.ts';

/** One parsed line of an export. */
export type ExportedLine = Readonly<Record<string, unknown>> & { readonly type: string };

/** Exports an emulator's memories with the admin API. */
export async function exportFrom({ url }: Pick<TestEmulator, 'url'>): Promise<string> {
  const response = await fetch(`${url}/_emulator/memories`);
  expect(response.headers.get('content-type')).toBe('application/jsonl');
  return response.text();
}

/** Imports lines into an emulator's memories. Returns the HTTP status and the response. */
export async function importInto(
  { url }: Pick<TestEmulator, 'url'>,
  lines: string | readonly object[],
): Promise<ImportSummary & { readonly message?: string; readonly status: number }> {
  const body =
    typeof lines === 'string' ? lines : lines.map((line) => JSON.stringify(line)).join('\n');
  const response = await fetch(`${url}/_emulator/memories`, { method: 'POST', body });
  return { status: response.status, ...((await response.json()) as ImportSummary) };
}

/** Parses the lines of an export. */
export function readLines(lines: string): ExportedLine[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ExportedLine);
}
