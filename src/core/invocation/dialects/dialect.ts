import type { StreamEvent } from '../answer.ts';
import type { GrowingText } from '../growingText.ts';
import type { UsageTotal } from '../usageTotal.ts';
import type { ToolUses } from '../toolUses.ts';

/** Reads the answer format of one agent framework. Each answer gets its own instance. */
export interface Dialect {
  /** Reads a value of the stream; null if it is not in this format. */
  read(value: unknown, event: string | undefined): StreamEvent[] | null;
}

/** State that all dialects of one answer share. */
export interface DialectContext {
  readonly tools: ToolUses;
  readonly usageTotal: UsageTotal;
  /** For text that may be cumulative or incremental. */
  readonly growing: GrowingText;
}

/** Creates the dialect of one answer. */
export type CreateDialect = (shared: DialectContext) => Dialect;
