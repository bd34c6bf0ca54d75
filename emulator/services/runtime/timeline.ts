import type { TimelineEntry } from '../../../src/shared/session.ts';
import type { ActivityEmitter } from '../../activity.ts';
import type { Caller } from '../../caller.ts';
import { timelineEntryOf } from '../../projections.ts';

/** The timelines of sessions. They begin before the session if its agent waited for one. */
export interface Timelines {
  /** Returns the latest entries of the session that an agent serves. */
  of(agent: Caller): readonly TimelineEntry[];
}

/** The oldest entries of a longer timeline are dropped. */
export const MAX_TIMELINE_ENTRIES = 1_000;

/** Keeps the timelines of all agents from now on. */
export function createTimelines(activity: Pick<ActivityEmitter, 'subscribe'>): Timelines {
  const timelines = new WeakMap<Caller, TimelineEntry[]>();
  activity.subscribe((each) => {
    const { agent, entry } = timelineEntryOf(each) ?? {};
    if (!agent || !entry) return;
    const entries = timelines.get(agent) ?? [];
    timelines.set(agent, entries);
    entries.push(entry);
    if (entries.length > MAX_TIMELINE_ENTRIES) entries.shift();
  });
  return { of: (agent) => timelines.get(agent) ?? [] };
}
