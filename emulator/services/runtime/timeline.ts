import type { TimelineEntry } from '../../../src/shared/session.ts';
import type { ActivityEmitter } from '../../activity.ts';
import type { Caller } from '../../caller.ts';
import { formatEntry, timelineEntryOf, type AgentEntry } from '../../projections.ts';

/** The timelines of sessions. They begin before the session if its agent waited for one. */
export interface Timelines {
  /** Returns the latest entries of the session that an agent serves. */
  of(agent: Caller): TimelineEntry[];
}

/** The oldest entries of a longer timeline are dropped. */
export const MAX_TIMELINE_ENTRIES = 1_000;

/** Keeps the timelines of all agents from now on. */
export function createTimelines(activity: Pick<ActivityEmitter, 'subscribe'>): Timelines {
  const timelines = new WeakMap<Caller, AgentEntry[]>();
  activity.subscribe((each) => {
    const entry = timelineEntryOf(each);
    if (!entry) return;
    const entries = timelines.get(entry.agent) ?? [];
    timelines.set(entry.agent, entries);
    entries.push(entry);
    if (entries.length > MAX_TIMELINE_ENTRIES) entries.shift();
  });
  return { of: (agent) => (timelines.get(agent) ?? []).map(formatEntry) };
}
