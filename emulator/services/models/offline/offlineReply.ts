import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { ModelError } from '../modelError.ts';
import type { ReplyBlock, StopReason } from '../modelEvent.ts';
import type { ModelRequest, ToolDefinition, ToolUseBlock } from '../modelRequest.ts';
import { readConversation, type ConversationState } from './conversation.ts';
import { findMentions, type Mentions } from './mentions.ts';
import { answerPlainly } from './plainAnswer.ts';
import { summarizeResults } from './resultSummary.ts';
import { createValue } from './schemaValue.ts';
import { findBestTool, matchTools } from './toolMatch.ts';

/** A complete reply before it is sent. */
export interface OfflineReply {
  readonly content: readonly ReplyBlock[];
  readonly stopReason: StopReason;
  readonly stopSequence?: string | undefined;
}

/** The prompts whose values can become arguments. */
const MAX_PROMPTS = 20;

const NOTICE = 'Reply of the offline model (choose another with `--model`):\n\n';

/** Decides on a reply from the request alone: calls of tools, a JSON document, or text. */
export function composeReply(request: ModelRequest): OfflineReply {
  const conversation = readConversation(request);
  const calls = chooseCalls(request, conversation);
  if (calls.length > 0) {
    const names = calls.map(({ name }) => name).join(', ');
    return { content: [...reason(request, `I call ${names}.`), ...calls], stopReason: 'toolUse' };
  }
  const text = composeText(request, conversation);
  const content = [...reason(request, 'I reply with text.'), { type: 'text' as const, text }];
  return { content, stopReason: 'endTurn' };
}

function composeText(request: ModelRequest, conversation: ConversationState): string {
  const { outputSchema } = request;
  if (outputSchema) {
    const type = outputSchema['type'] ?? 'object';
    const schema = Object.keys(outputSchema).length === 0 ? { type } : outputSchema;
    return JSON.stringify(createValue(schema, readPrompts(conversation)));
  }
  const answer = conversation.hasResults
    ? summarizeResults(conversation.calls)
    : answerPlainly(conversation, request);
  return conversation.isFirstReply ? NOTICE + answer : answer;
}

function reason({ reasoningTokens }: ModelRequest, text: string): ReplyBlock[] {
  if (reasoningTokens === undefined) return [];
  const signature = createHash('sha256').update(text).digest('base64');
  return [{ type: 'reasoning', text, signature }];
}

/** Chooses tool calls. Calls made since the prompt are not repeated. */
function chooseCalls(request: ModelRequest, conversation: ConversationState): ToolUseBlock[] {
  const prompts = readPrompts(conversation);
  const uses = chooseTools(request, conversation, prompts[0]).map((tool, index) => ({
    type: 'toolUse' as const,
    id: toolUseId(request, tool.name, index),
    name: tool.name,
    input: createValue(tool.inputSchema, prompts),
  }));
  return uses.filter(
    ({ name, input }) =>
      !conversation.calls.some(
        ({ use }) => use.name === name && isDeepStrictEqual(use.input, input),
      ),
  );
}

function chooseTools(
  { tools, toolChoice }: ModelRequest,
  { calls }: ConversationState,
  mentions: Mentions,
): ToolDefinition[] {
  switch (toolChoice.type) {
    case 'none':
      return [];
    case 'tool': {
      const chosen = tools.find(({ name }) => name === toolChoice.name);
      if (chosen) return [chosen];
      const declared = tools.map(({ name }) => name).join(', ') || 'none';
      throw new ModelError(
        'invalid',
        `toolChoice: '${toolChoice.name}' is not a declared tool. Declared: ${declared}.`,
      );
    }
    case 'auto':
      return calls.length > 0 ? [] : matchTools(tools, mentions);
    case 'any': {
      const unused = tools.filter(({ name }) => !calls.some(({ use }) => use.name === name));
      const matching = matchTools(unused, mentions);
      if (matching.length > 0) return matching;
      const best = findBestTool(unused, mentions);
      return best ? [best] : [];
    }
  }
}

/** Frameworks request structured output with their own prompt, which contains no values. */
const ASKS_FOR_STRUCTURE = /\bstructured output\b|\bprevious response\b/i;

/** Returns the texts that have values for arguments, the most important first. */
function readPrompts({
  prompt,
  earlierPrompts,
  calls,
}: ConversationState): [Mentions, ...Mentions[]] {
  const isGeneric = ASKS_FOR_STRUCTURE.test(prompt) && earlierPrompts.length > 0;
  const prompts = [
    ...earlierPrompts.slice(-MAX_PROMPTS),
    ...(isGeneric ? [] : [prompt]),
  ].toReversed();
  const results = calls.flatMap(({ result }) =>
    (result?.content ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : [])),
  );
  const [first = '', ...others] = prompts;
  return [findMentions(first), ...[...results.slice(-MAX_PROMPTS), ...others].map(findMentions)];
}

/** The position in the conversation makes an ID unique within it. */
export function toolUseId({ messages }: ModelRequest, name: string, index: number): string {
  const hash = createHash('sha256').update(JSON.stringify([messages.length, index, name]));
  return `tooluse_${hash.digest('base64url').slice(0, 22)}`;
}
