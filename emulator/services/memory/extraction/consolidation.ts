import type { Insight, KnownInsights, KnownInsight } from './extractor.ts';

/** A change of the records of a namespace. */
export type RecordChange =
  | { readonly type: 'add'; readonly insight: Insight }
  | { readonly type: 'replace'; readonly id: string; readonly insight: Insight }
  /** The record already says this. Only the time changes. */
  | { readonly type: 'repeat'; readonly id: string; readonly at: number };

/**
 * Merges new insights into the known ones: adds new subjects, keeps repeated insights, and replaces
 * contradicted ones. A later statement wins, because events can arrive out of order.
 */
export function consolidate(known: KnownInsights, insights: readonly Insight[]): RecordChange[] {
  const subjects = new Map<
    string,
    { readonly stored: KnownInsight | undefined; latest?: Insight }
  >();
  for (const insight of insights) {
    const { subject, retracts, at } = insight;
    const state = subjects.get(subject) ?? { stored: known(subject) };
    subjects.set(subject, state);
    const previous = state.latest ?? state.stored;
    if (previous && at < previous.at) continue;
    // The user may have replaced the retracted statement already.
    if (previous && retracts !== undefined && !includesIgnoringCase(previous.gist, retracts))
      continue;
    state.latest = insight;
  }
  return [...subjects.values()].flatMap(({ stored, latest }) =>
    latest ? toChange(stored, latest) : [],
  );
}

/** Returns the change of one subject. */
function toChange(stored: KnownInsight | undefined, insight: Insight): RecordChange {
  if (!stored) return { type: 'add', insight };
  const { id, gist } = stored;
  return equalsIgnoringCase(gist, insight.gist)
    ? { type: 'repeat', id, at: insight.at }
    : { type: 'replace', id, insight };
}

function equalsIgnoringCase(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function includesIgnoringCase(gist: string, part: string): boolean {
  return gist.toLowerCase().includes(part.toLowerCase());
}
