import type { ModelRequest } from '../modelRequest.ts';
import type { ConversationState } from './conversation.ts';
import { describeMedia } from './mediaSummary.ts';
import { findFacts, recall } from './recall.ts';
import { shorten } from './resultSummary.ts';

const MAX_QUOTE = 200;
const MAX_MEDIA = 10;
const MAX_TOOLS = 10;

/** Answers a prompt without tools, from the conversation or from the prompt and its context. */
export function answerPlainly(
  conversation: ConversationState,
  { tools, toolChoice }: Pick<ModelRequest, 'tools' | 'toolChoice'>,
): string {
  const { prompt, media, system } = conversation;
  const files = describeFiles(conversation);
  if (prompt === '') {
    return media.length > 0 ? files : 'The request has no prompt. Send a user message.';
  }
  const remembered = recall(conversation);
  if (remembered !== null) return remembered;
  const [fact] = findFacts(prompt);
  if (fact && !prompt.includes('?')) {
    const greeting = fact.subject === 'name' ? `Nice to meet you, ${fact.value}.` : 'Noted.';
    return `${greeting} Your ${fact.subject} is ${fact.value}.`;
  }
  const sentences = [
    /^(?:hi|hello|hey|good (?:morning|afternoon|evening))\b/i.test(prompt) ? 'Hello!' : '',
    `You wrote: "${quote(prompt)}".`,
    files,
    system === '' ? '' : `The system prompt begins: "${quote(firstSentence(system))}".`,
    describeTools(
      tools.map(({ name }) => name),
      toolChoice.type === 'none',
    ),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function describeFiles({ media }: ConversationState): string {
  if (media.length === 0) return '';
  const files = media.slice(0, MAX_MEDIA).map(describeMedia).join(', ');
  const more = media.length > MAX_MEDIA ? ` and ${media.length - MAX_MEDIA} more` : '';
  return `I received ${files}${more}.`;
}

function describeTools(names: readonly string[], isOff: boolean): string {
  if (names.length === 0) return '';
  if (isOff) return 'The request allows no tools.';
  const more = names.length > MAX_TOOLS ? ', …' : '';
  return `No tool matches the prompt. Declared tools: ${names.slice(0, MAX_TOOLS).join(', ')}${more}.`;
}

function quote(text: string): string {
  return shorten(
    text
      .slice(0, 2 * MAX_QUOTE)
      .replace(/\s+/g, ' ')
      .trim(),
    MAX_QUOTE,
  );
}

function firstSentence(text: string): string {
  const start = text.trim().slice(0, 2 * MAX_QUOTE);
  return /^[^]*?[.!?](?=\s|$)/.exec(start)?.[0] ?? start;
}
