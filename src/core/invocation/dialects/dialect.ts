import type { StreamEvent } from '../answer.ts';
import type { Members } from '../json.ts';

/** Understands one shape in which agents answer; it lives as long as one answer does. */
export interface Dialect {
  /** What an object of the stream says; null where it is none of this shape. */
  read(value: Members, event: string | undefined): StreamEvent[] | null;
}
