import type { EmulatorEvent } from '../src/shared/emulator.ts';
import type { TimelineEntry } from '../src/shared/session.ts';
import type { Activity, UntimedEntry } from './activity.ts';
import type { Caller } from './caller.ts';

// Everything that users see of the emulator's activity: session timelines and `GET events`.

/** An entry of the timeline of the session that an agent serves. */
export interface AgentEntry {
  readonly agent: Caller;
  /** Milliseconds of virtual time. They are formatted when the entry is read, because few are. */
  readonly at: number;
  readonly entry: UntimedEntry;
}

/** Returns the timeline entry of an activity; null if it belongs to no timeline. */
export function timelineEntryOf(activity: Activity): AgentEntry | null {
  switch (activity.type) {
    case 'span': {
      const { caller, endedAt, requestId, operation, status, model } = activity.span;
      if (caller === null) return null;
      return {
        agent: caller,
        at: endedAt,
        entry: { type: 'call', requestId, operation, status, ...(model && { model }) },
      };
    }
    case 'entry':
      return activity;
    case 'assigned':
    case 'session':
    case 'log':
    case 'clock':
      return null;
  }
}

/** Returns the events of an activity. An agent without a session has none until it is assigned. */
export function eventsOf(activity: Activity): readonly EmulatorEvent[] {
  switch (activity.type) {
    case 'span':
    case 'entry': {
      const found = timelineEntryOf(activity);
      const session = found?.agent.session();
      return found && session
        ? [{ type: 'timeline', of: session.run, entry: formatEntry(found) }]
        : [];
    }
    case 'assigned':
      return activity.earlier.map((entry) => ({ type: 'timeline', of: activity.run, entry }));
    case 'session':
      return [{ type: 'session', session: activity.summary() }];
    case 'log':
      return [{ type: 'log', of: activity.run, line: activity.line }];
    case 'clock':
      return [activity];
  }
}

/** Formats virtual time as ISO 8601. */
export function timestamp(time: number): string {
  return new Date(time).toISOString();
}

/** Adds the formatted time of a timeline entry. */
export function formatEntry({ at, entry }: Pick<AgentEntry, 'at' | 'entry'>): TimelineEntry {
  return { time: timestamp(at), ...entry };
}
