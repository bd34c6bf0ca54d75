import type { ConversationState } from './conversation.ts';
import { shorten } from './resultSummary.ts';
import { MAX_TEXT } from './words.ts';

/** Maximum prompts to search, prompts to list, and characters of a listed prompt. */
const MAX_PROMPTS = 200;
const MAX_LISTED = 10;
const MAX_PROMPT = 120;
/** The characters of a question. */
const MAX_QUESTION = 300;

/** Answers a question about the conversation itself; null for any other prompt. */
export function recall({ prompt, earlierPrompts }: ConversationState): string | null {
  const question = prompt.slice(0, MAX_QUESTION);
  return recallPrompts(question, earlierPrompts) ?? recallFact(question, earlierPrompts);
}

function recallPrompts(prompt: string, earlier: readonly string[]): string | null {
  const asksForPrompts =
    /\b(?:what|which)\b.{0,40}\b(?:did|have|had|was)\b.{0,20}\b(?:I|my)\b.{0,30}\b(?:ask|asked|say|said|tell|told|write|wrote|question|message|prompt)\b/i;
  if (!asksForPrompts.test(prompt)) return null;
  if (earlier.length === 0) return 'You did not ask anything before in this conversation.';
  const quote = (text: string) =>
    `"${shorten(text.slice(0, 2 * MAX_PROMPT).replace(/\s+/g, ' '), MAX_PROMPT)}"`;
  if (/\bfirst\b/i.test(prompt)) return `You first asked: ${quote(earlier[0]!)}`;
  if (/\blast|just now|\bjust\b/i.test(prompt) || earlier.length === 1) {
    return `Before, you asked: ${quote(earlier.at(-1)!)}`;
  }
  const listed = earlier.slice(-MAX_LISTED);
  const omitted = earlier.length - listed.length;
  const lines = listed.map((text, index) => `${omitted + index + 1}. ${quote(text)}`);
  return `Before, you asked:\n${lines.join('\n')}`;
}

interface Fact {
  /** Such as `name` or `favorite color`. */
  readonly subject: string;
  readonly value: string;
}

function recallFact(prompt: string, earlier: readonly string[]): string | null {
  const subject = askedSubject(prompt);
  if (subject === null) return null;
  const facts = earlier.slice(-MAX_PROMPTS).flatMap(findFacts);
  const fact = facts.findLast((each) => each.subject === subject);
  return fact
    ? `Your ${subject} is ${fact.value}.`
    : `You did not tell me your ${subject} in this conversation.`;
}

function askedSubject(prompt: string): string | null {
  if (/\bwho am i\b/i.test(prompt)) return 'name';
  const found =
    /\b(?:what(?:'s| is| was)|which is|tell me|(?:do you )?(?:know|remember|recall)(?: what)?) my ([\p{L}][\p{L} -]{0,40}?)(?: is| was)?\s*[?.!]*$/iu.exec(
      prompt,
    );
  return found ? found[1]!.toLowerCase() : null;
}

/** Finds what users say about themselves: `my name is Ada`, `call me Ada`. */
export function findFacts(prompt: string): Fact[] {
  const text = prompt.slice(0, MAX_TEXT);
  const facts: Fact[] = [];
  for (const [, value] of text.matchAll(
    /\b(?:call me|I am called|I['’]m called) ([\p{Lu}][\p{L}'’-]*)/gu,
  )) {
    facts.push({ subject: 'name', value: value! });
  }
  for (const [, value] of text.matchAll(
    /\bI(?:['’]m| am) (\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)?)/gu,
  )) {
    facts.push({ subject: 'name', value: value! });
  }
  const statements =
    /\bmy ([\p{L}][\p{L} -]{0,40}?) (?:is|are|was|=) ([^\n.!?;,]{1,80}?)(?=\s*(?:[\n.!?;,]|$|\band (?:my|I)\b))/giu;
  for (const [, subject, value] of text.matchAll(statements)) {
    facts.push({ subject: subject!.toLowerCase(), value: value! });
  }
  return facts;
}
