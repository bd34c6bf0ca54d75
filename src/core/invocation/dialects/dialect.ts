import type { StreamEvent } from '../answer.ts';
import type { GrowingText } from '../growingText.ts';
import type { UsageTotal } from '../usageTotal.ts';
import type { ToolUses } from '../toolUses.ts';

/** Understands one shape in which agents answer; it lives as long as one answer does. */
export interface Dialect {
  /** What a value of the stream says; null where it is none of this shape. */
  read(value: unknown, event: string | undefined): StreamEvent[] | null;
}

/** What all dialects of one answer share. */
export interface DialectContext {
  readonly tools: ToolUses;
  readonly tally: UsageTotal;
  /** For words of which it is not known whether they are all so far or what is new. */
  readonly growing: GrowingText;
}

/** Makes a dialect for one answer. */
export type CreateDialect = (shared: DialectContext) => Dialect;
