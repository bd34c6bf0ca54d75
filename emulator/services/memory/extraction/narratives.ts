import type { Insight, KnownInsights, Transcript, ConversationMessage } from './extractor.ts';
import { splitSentences } from './statements.ts';

/** Maximum length of a line for one message. */
const MAX_LINE_LENGTH = 200;
/** Maximum length of the beginning of a message to read. */
const MAX_READ_LENGTH = 2_000;
/** Maximum length of a summary. A record has 16,000 characters, including the markup. */
export const MAX_SUMMARY_LENGTH = 15_900;

const speakers: Readonly<Record<ConversationMessage['role'], string>> = {
  USER: 'The user',
  ASSISTANT: 'The assistant',
  TOOL: 'A tool',
  OTHER: 'Somebody',
};

/** Extends the summary of a session by a line for each new message. Drops the oldest lines if needed. */
export function extendSummary({ session, messages }: Transcript, known: KnownInsights): Insight[] {
  const lines = messages.flatMap(({ role, text }) => {
    const [first] = leadingSentences(text);
    if (first === undefined) return [];
    const verb = role === 'USER' && first.endsWith('?') ? 'asked' : 'said';
    return [escapeMarkup(`${speakers[role]} ${verb}: ${shorten(first)}`)];
  });
  if (lines.length === 0) return [];
  const subject = `summary of ${session}`;
  const existing = known(subject);
  const gist = newestLines([...readLines(existing), ...lines]).join('\n');
  const text = `<topic name="Conversation">\n${gist}\n</topic>`;
  // The new summary contains the old one and always replaces it.
  return [
    { subject, gist, text, at: Math.max(existing?.at ?? 0, ...messages.map(({ at }) => at)) },
  ];
}

/** Builds the episode of a session: the user's goal and the outcome. Empty before the first user message. */
export function buildEpisode({ session, messages }: Transcript, known: KnownInsights): Insight[] {
  const subject = `episode of ${session}`;
  const [previousGoal, previousOutcome = 'open'] = readLines(known(subject));
  const goal = previousGoal ?? findGoal(messages);
  if (goal === undefined) return [];
  const answer = messages.findLast(({ role }) => role === 'ASSISTANT')?.text ?? '';
  const [first] = leadingSentences(answer);
  const outcome = first === undefined ? previousOutcome : escapeMarkup(shorten(first));
  return [
    {
      subject,
      gist: `${goal}\n${outcome}`,
      text: `<episode><goal>${goal}</goal><outcome>${outcome}</outcome></episode>`,
      at: Math.max(...messages.map(({ at }) => at)),
    },
  ];
}

/** Returns the last lines that fit into a record. */
function newestLines(lines: readonly string[]): string[] {
  let length = 0;
  const firstExcluded = lines.findLastIndex((line) => {
    length += line.length + 1;
    return length > MAX_SUMMARY_LENGTH;
  });
  return lines.slice(firstExcluded + 1);
}

function readLines(existing: ReturnType<KnownInsights>): string[] {
  return existing?.gist.split('\n') ?? [];
}

/** Returns the sentences at the beginning of a text. */
function leadingSentences(text: string): string[] {
  return splitSentences(text.trimStart().slice(0, MAX_READ_LENGTH));
}

/** Returns the user's first question or request, or else the first sentence. */
function findGoal(messages: readonly ConversationMessage[]): string | undefined {
  const sentences = messages
    .filter(({ role }) => role === 'USER')
    .flatMap(({ text }) => leadingSentences(text));
  const request = sentences.find(
    (sentence) =>
      sentence.endsWith('?') ||
      /^(?:please|can|could|help|find|book|show|tell|give|make|write|I (?:want|need|would like))\b/i.test(
        sentence,
      ),
  );
  const goal = request ?? sentences[0];
  return goal && escapeMarkup(shorten(goal));
}

function shorten(text: string): string {
  return text.length <= MAX_LINE_LENGTH ? text : `${text.slice(0, MAX_LINE_LENGTH - 1).trimEnd()}…`;
}

export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
