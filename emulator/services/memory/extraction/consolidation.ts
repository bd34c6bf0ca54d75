import type { Insight, KnownInsights, KnownInsight } from './extractor.ts';

/** What becomes of the records of a namespace by new insights. */
export type RecordChange =
  | { readonly type: 'add'; readonly insight: Insight }
  | { readonly type: 'replace'; readonly id: string; readonly insight: Insight }
  /** The record says so already, and by now it was said later. */
  | { readonly type: 'repeat'; readonly id: string; readonly at: number };

/**
 * What is new is added, what is known is not repeated, and what contradicts takes the other's place,
 * unless the other was said later: events need not come in the order of their time.
 */
export function consolidate(known: KnownInsights, insights: readonly Insight[]): RecordChange[] {
  const subjects = new Map<string, { readonly kept: KnownInsight | undefined; said?: Insight }>();
  for (const insight of insights) {
    const { subject, denies, at } = insight;
    const about = subjects.get(subject) ?? { kept: known(subject) };
    subjects.set(subject, about);
    const before = about.said ?? about.kept;
    if (before && at < before.at) continue;
    // Whoever has left one place may since have said that they are in another.
    if (before && denies !== undefined && !has(before.gist, denies)) continue;
    about.said = insight;
  }
  return [...subjects.values()].flatMap(({ kept, said }) => (said ? changeOf(kept, said) : []));
}

/** What is said again, or taken back at once, is no change of what a record says. */
function changeOf(kept: KnownInsight | undefined, insight: Insight): RecordChange {
  if (!kept) return { type: 'add', insight };
  const { id, gist } = kept;
  return isSame(gist, insight.gist)
    ? { type: 'repeat', id, at: insight.at }
    : { type: 'replace', id, insight };
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function has(gist: string, part: string): boolean {
  return gist.toLowerCase().includes(part.toLowerCase());
}
