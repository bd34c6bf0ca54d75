import { availableParallelism, loadavg } from 'node:os';
import process from 'node:process';

/** A measured figure with its reference and limit. */
export interface Row {
  readonly measurement: string;
  readonly unit: 'µs' | 'ms' | 'MB' | '/s' | '%' | 'chunks';
  readonly ours: number;
  readonly reference: number;
  readonly bar: Bar | null;
}

/** The limited value: ours, ours minus the reference, or ours divided by the reference. */
export type Bar = { readonly of: 'ours' | 'added' | 'ratio' } & (
  { readonly atMost: number } | { readonly atLeast: number }
);

// Read before the measurements, because other load on the machine distorts the figures.
const [load = 0] = loadavg();

const columns = ['measurement', 'ours', 'reference', 'added', 'ratio', 'bar', ''];

/** Prints the rows and marks those beyond their limit. */
export function printTable(rows: readonly Row[]): void {
  const cells = [columns, ...rows.map(formatCells)];
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const { node } = process.versions;
  process.stdout.write(
    `\nmedians of pairs in turn; Node ${node}, ${process.platform}, ${availableParallelism()} cores, load ${load.toFixed(1)} before\n\n`,
  );
  for (const row of cells) {
    const line = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
    );
    process.stdout.write(`${line.join('  ').trimEnd()}\n`);
  }
}

function formatCells(row: Row): string[] {
  const { measurement, unit, ours, reference, bar } = row;
  return [
    measurement,
    `${figure(ours)} ${unit}`,
    `${figure(reference)} ${unit}`,
    `${ours < reference ? '-' : '+'}${figure(Math.abs(ours - reference))} ${unit}`,
    `${(ours / reference).toFixed(2)} ×`,
    bar ? describe(bar, unit) : '',
    bar ? verdict(readValue(row, bar), bar) : '',
  ];
}

function verdict(value: number, bar: Bar): string {
  if ('atMost' in bar) return value > bar.atMost ? 'over' : '';
  return value < bar.atLeast ? 'under' : '';
}

function describe(bar: Bar, unit: string): string {
  const limit = 'atMost' in bar ? `≤ ${sign(bar)}${bar.atMost}` : `≥ ${sign(bar)}${bar.atLeast}`;
  return `${limit} ${bar.of === 'ratio' ? '×' : unit}`;
}

function sign({ of }: Bar): string {
  return of === 'added' ? '+' : '';
}

function readValue({ ours, reference }: Row, { of }: Bar): number {
  if (of === 'ours') return ours;
  return of === 'added' ? ours - reference : ours / reference;
}

function figure(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}
