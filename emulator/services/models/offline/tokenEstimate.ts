import type { ContentBlock, MediaBlock, ModelRequest, ToolResultBlock } from '../modelRequest.ts';

/** Tokens that a message or a tool's definition adds to its content. */
const MESSAGE_TOKENS = 4;
const TOOL_TOKENS = 8;
/** Bytes of media per token, and maximum tokens of an image. */
const MEDIA_BYTES = 500;
const MAX_IMAGE_TOKENS = 1600;

/** A part of a word with the space before it, digits, a punctuation mark, or a Chinese character. */
const TOKEN =
  /\s?[\p{Script=Latin}\p{M}]{1,6}|\s?\p{N}{1,3}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|\s?\p{L}{1,3}|\s?[^\s\p{L}\p{N}]|\s+/gu;

/** Splits a text into tokens. Together they are the text. */
export function splitTokens(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

export function countTokens(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(TOKEN)) count += 1;
  return count;
}

/** A part of a prompt, in the order in which models read them. */
export interface PromptPart {
  readonly tokens: number;
  readonly cachePoint: boolean;
  /** The content, for comparison with other prompts. */
  readonly content: object;
}

/** Splits a prompt into tools, system prompt and blocks of messages. */
export function* readPromptParts({
  tools,
  system,
  messages,
}: Pick<ModelRequest, 'tools' | 'system' | 'messages'>): Generator<PromptPart> {
  for (const { cachePoint = false, ...tool } of tools) {
    const text = tool.name + tool.description + JSON.stringify(tool.inputSchema);
    yield { tokens: TOOL_TOKENS + countTokens(text), cachePoint, content: tool };
  }
  for (const { cachePoint = false, ...block } of system) {
    yield { tokens: countTokens(block.text), cachePoint, content: block };
  }
  for (const { role, content } of messages) {
    for (const [index, { cachePoint = false, ...block }] of content.entries()) {
      const tokens = countBlock(block) + (index === 0 ? MESSAGE_TOKENS : 0);
      yield { tokens, cachePoint, content: { role, ...block } };
    }
  }
}

/** Estimates the tokens of a prompt. */
export function estimateTokens(request: ModelRequest): number {
  let tokens = 0;
  for (const part of readPromptParts(request)) tokens += part.tokens;
  return tokens;
}

function countToolUse(name: string, input: unknown): number {
  return TOOL_TOKENS + countTokens(name) + countTokens(JSON.stringify(input) ?? '');
}

/** Estimates the tokens of a block of a prompt or reply. */
export function countBlock(block: ContentBlock | ToolResultBlock['content'][number]): number {
  switch (block.type) {
    case 'text':
    case 'reasoning':
      return countTokens(block.text);
    case 'redactedReasoning':
      return Math.ceil(block.data.length / 4);
    case 'toolUse':
      return countToolUse(block.name, block.input);
    case 'toolResult':
      return block.content.reduce((sum, each) => sum + countBlock(each), MESSAGE_TOKENS);
    case 'media':
      return countMedia(block);
  }
}

function countMedia({ kind, source }: MediaBlock): number {
  const bytes = source.type === 'bytes' ? source.bytes.length : MEDIA_BYTES;
  const tokens = Math.max(1, Math.ceil(bytes / MEDIA_BYTES));
  return kind === 'image' ? Math.min(tokens, MAX_IMAGE_TOKENS) : tokens;
}
