import type { Insight, KnownInsight } from './extractor.ts';

/** What becomes of the records of a namespace by new insights. */
export type Change =
  | { readonly type: 'add'; readonly insight: Insight }
  | { readonly type: 'replace'; readonly id: string; readonly insight: Insight };

/** What is new is added, what is known is not repeated, and what contradicts takes the other's place. */
export function consolidate(
  known: readonly KnownInsight[],
  insights: readonly Insight[],
): Change[] {
  const changes = new Map<string, Change>();
  const present = new Map(known.map((insight) => [insight.subject, insight]));
  const ids = new Map(known.map(({ subject, id }) => [subject, id]));
  const now = new Map<string, Insight>(present);
  for (const insight of insights) {
    const { subject, denies } = insight;
    const before = now.get(subject);
    // Whoever has left one place may since have said that they are in another.
    if (before && denies !== undefined && !has(before.gist, denies)) continue;
    now.set(subject, insight);
    const id = ids.get(subject);
    changes.set(
      subject,
      id === undefined ? { type: 'add', insight } : { type: 'replace', id, insight },
    );
  }
  // What is said again, or taken back at once, is no change of what is kept.
  return [...changes.values()].filter(
    (change) =>
      change.type === 'add' ||
      !isSame(present.get(change.insight.subject)!.gist, change.insight.gist),
  );
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function has(gist: string, part: string): boolean {
  return gist.toLowerCase().includes(part.toLowerCase());
}
