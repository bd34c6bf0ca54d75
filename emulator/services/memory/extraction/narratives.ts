import type { Insight, KnownInsights, Transcript, ConversationMessage } from './extractor.ts';
import { splitSentences } from './statements.ts';

/** How much of one turn is told again. */
const LONGEST_LINE = 200;
/** A turn is told by its beginning. */
const LONGEST_BEGINNING = 2_000;
/** A record has 16,000 characters at most, of which its marks need some; what is older is left out. */
const LONGEST_SUMMARY = 15_900;

const speakers: Readonly<Record<ConversationMessage['role'], string>> = {
  USER: 'The user',
  ASSISTANT: 'The assistant',
  TOOL: 'A tool',
  OTHER: 'Somebody',
};

/** What was said so far, shortened: the summary that there is, and the next turns. */
export function extendSummary({ session, turns }: Transcript, known: KnownInsights): Insight[] {
  const lines = turns.flatMap(({ role, text }) => {
    const [first] = begunBy(text);
    if (first === undefined) return [];
    const verb = role === 'USER' && first.endsWith('?') ? 'asked' : 'said';
    return [escaped(`${speakers[role]} ${verb}: ${shortened(first)}`)];
  });
  if (lines.length === 0) return [];
  const subject = `summary of ${session}`;
  const kept = known(subject);
  const gist = latest([...linesOf(kept), ...lines]).join('\n');
  const text = `<topic name="Conversation">\n${gist}\n</topic>`;
  // It has what was told before, so it replaces that whenever the rest was said.
  return [{ subject, gist, text, at: Math.max(kept?.at ?? 0, ...turns.map(({ at }) => at)) }];
}

/** What the user wanted in a session, and what came of it; nothing before the user has spoken. */
export function buildEpisode({ session, turns }: Transcript, known: KnownInsights): Insight[] {
  const subject = `episode of ${session}`;
  const [goalBefore, outcomeBefore = 'open'] = linesOf(known(subject));
  const goal = goalBefore ?? goalOf(turns);
  if (goal === undefined) return [];
  const answer = turns.findLast(({ role }) => role === 'ASSISTANT')?.text ?? '';
  const [first] = begunBy(answer);
  const outcome = first === undefined ? outcomeBefore : escaped(shortened(first));
  return [
    {
      subject,
      gist: `${goal}\n${outcome}`,
      text: `<episode><goal>${goal}</goal><outcome>${outcome}</outcome></episode>`,
      at: Math.max(...turns.map(({ at }) => at)),
    },
  ];
}

/** The last lines, as many as a record has room for. */
function latest(lines: readonly string[]): string[] {
  let length = 0;
  const tooMuch = lines.findLastIndex((line) => {
    length += line.length + 1;
    return length > LONGEST_SUMMARY;
  });
  return lines.slice(tooMuch + 1);
}

function linesOf(kept: ReturnType<KnownInsights>): string[] {
  return kept?.gist.split('\n') ?? [];
}

/** The sentences with which a text begins, however long it is. */
function begunBy(text: string): string[] {
  return splitSentences(text.trimStart().slice(0, LONGEST_BEGINNING));
}

/** The first thing that the user asks or asks for; else the first that they say. */
function goalOf(turns: readonly ConversationMessage[]): string | undefined {
  const said = turns.filter(({ role }) => role === 'USER').flatMap(({ text }) => begunBy(text));
  const asked = said.find(
    (sentence) =>
      sentence.endsWith('?') ||
      /^(?:please|can|could|help|find|book|show|tell|give|make|write|I (?:want|need|would like))\b/i.test(
        sentence,
      ),
  );
  const goal = asked ?? said[0];
  return goal && escaped(shortened(goal));
}

function shortened(text: string): string {
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE - 1).trimEnd()}…`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
