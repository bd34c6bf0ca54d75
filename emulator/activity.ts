import type { ClockReading, SessionRun } from '../src/shared/emulator.ts';
import type { LogLine, SessionSummary, TimelineEntry } from '../src/shared/session.ts';
import type { Caller } from './caller.ts';
import type { Span } from './span.ts';

/** Something that happened in the emulator: a call, or an event in the life of a session. */
export type Activity =
  /** A call has ended. */
  | { readonly type: 'span'; readonly span: Span }
  /** Something happened to the session that an agent serves or will serve. */
  | {
      readonly type: 'entry';
      /** Milliseconds of virtual time. */
      readonly at: number;
      readonly agent: Caller;
      readonly entry: UntimedEntry;
    }
  /** An agent serves a session from now on. `earlier` happened while it waited for one. */
  | {
      readonly type: 'assigned';
      readonly run: SessionRun;
      readonly earlier: readonly TimelineEntry[];
    }
  /** The summary of a session has changed. It is read only if somebody needs it. */
  | { readonly type: 'session'; summary(): SessionSummary }
  | { readonly type: 'log'; readonly run: SessionRun; readonly line: LogLine }
  | { readonly type: 'clock'; readonly clock: ClockReading };

/** A timeline entry without its time. The conditional type distributes over the members of the union. */
export type UntimedEntry<Entry = TimelineEntry> = Entry extends unknown
  ? Omit<Entry, 'time'>
  : never;

/** Passes all activity of an emulator to its listeners, at once and in the order of subscription. */
export interface ActivityEmitter {
  emit(activity: Activity): void;
  subscribe(listener: (activity: Activity) => void): () => void;
}

/** Creates the emitter of one emulator. */
export function createActivityEmitter(): ActivityEmitter {
  const listeners = new Set<(activity: Activity) => void>();
  return {
    emit(activity) {
      for (const listener of listeners) listener(activity);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
