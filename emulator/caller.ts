import type { TimelineEntry } from '../src/shared/session.ts';
import type { UntimedEntry } from './services/runtime/timeline.ts';

/** The session whose URL a request used. Calls are attributed to it and authorized by its agent. */
export interface Caller {
  readonly agent: { readonly source: { readonly name: string } };
  /** Adds an entry to the session's timeline. */
  record(entry: UntimedEntry<TimelineEntry>): void;
}
