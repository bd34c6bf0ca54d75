import type { MemoryCounts } from '../shared/importSummary.ts';

/** Longer than the type at the beginning of every exported line. */
const PREFIX_BYTES = 32;

const LINE_FEED = 10;

/** Counts the lines of an export by their type, while they pass. */
export function createLineCounter() {
  const counts: Record<keyof MemoryCounts, number> = { memories: 0, events: 0, records: 0 };
  let prefix = '';

  function endLine(): void {
    const [, type] = /^\{"type":"(\w+)"/.exec(prefix) ?? [];
    if (type === 'memory') counts.memories += 1;
    if (type === 'event') counts.events += 1;
    if (type === 'record') counts.records += 1;
    prefix = '';
  }

  return {
    counts: (): MemoryCounts => counts,
    async *count(lines: AsyncIterable<Uint8Array | string>) {
      for await (const chunk of lines) {
        const bytes = Buffer.from(chunk);
        for (let start = 0; start < bytes.length;) {
          const end = bytes.indexOf(LINE_FEED, start);
          const lineEnd = end === -1 ? bytes.length : end;
          const missing = PREFIX_BYTES - prefix.length;
          prefix += bytes.toString('latin1', start, Math.min(lineEnd, start + missing));
          if (end !== -1) endLine();
          start = lineEnd + 1;
        }
        yield chunk;
      }
    },
  };
}
