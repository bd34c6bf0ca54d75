import type { Insight, KnownInsight, Turn } from './extractor.ts';
import { sentencesOf } from './statements.ts';

/** How much of one turn is told again. */
const LONGEST_LINE = 200;
/** A record has 16,000 characters at most; what is older than these lines is left out. */
const MOST_LINES = 60;

/** There is one summary and one episode of a session, in its namespace. */
const SUBJECT = 'session';

const speakers: Readonly<Record<Turn['role'], string>> = {
  USER: 'The user',
  ASSISTANT: 'The assistant',
  TOOL: 'A tool',
  OTHER: 'Somebody',
};

/** What was said so far, shortened: the summary that there is, and the next turns. */
export function summaryOf(turns: readonly Turn[], known: readonly KnownInsight[]): Insight[] {
  const lines = turns.flatMap(({ role, text }) => {
    const [first] = sentencesOf(text);
    if (first === undefined) return [];
    const verb = role === 'USER' && first.endsWith('?') ? 'asked' : 'said';
    return [`${speakers[role]} ${verb}: ${shortened(first)}`];
  });
  const before = known.find(({ subject }) => subject === SUBJECT)?.gist.split('\n') ?? [];
  const all = [...before, ...lines].slice(-MOST_LINES);
  if (lines.length === 0) return [];
  const told = all.map(escaped).join('\n');
  return [
    {
      subject: SUBJECT,
      gist: all.join('\n'),
      text: `<topic name="Conversation">\n${told}\n</topic>`,
    },
  ];
}

/** What the user wanted in a session, and what came of it. */
export function episodeOf(turns: readonly Turn[], known: readonly KnownInsight[]): Insight[] {
  const before = known.find(({ subject }) => subject === SUBJECT)?.gist.split('\n')[0];
  const goal = before ?? goalOf(turns);
  const outcome = turns.findLast(({ role }) => role === 'ASSISTANT')?.text;
  if (goal === undefined) return [];
  const [first = 'open'] = sentencesOf(outcome ?? '');
  const end = shortened(first);
  return [
    {
      subject: SUBJECT,
      gist: `${goal}\n${end}`,
      text: `<episode><goal>${escaped(goal)}</goal><outcome>${escaped(end)}</outcome></episode>`,
    },
  ];
}

/** The first thing that the user asks or asks for; else the first that they say. */
function goalOf(turns: readonly Turn[]): string | undefined {
  const said = turns.filter(({ role }) => role === 'USER').flatMap(({ text }) => sentencesOf(text));
  const asked = said.find(
    (sentence) =>
      sentence.endsWith('?') ||
      /^(?:please|can|could|help|find|book|show|tell|give|make|write|I (?:want|need|would like))\b/i.test(
        sentence,
      ),
  );
  const goal = asked ?? said[0];
  return goal && shortened(goal);
}

function shortened(text: string): string {
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE - 1).trimEnd()}…`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
