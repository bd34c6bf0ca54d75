import type {
  ContentBlock,
  MediaBlock,
  ModelMessage,
  ModelRequest,
  SystemBlock,
  ToolChoice,
  ToolDefinition,
  ToolResultBlock,
} from '../modelRequest.ts';
import { effortToTokens } from '../reasoningEffort.ts';
import { invalidField, notEmulated, parseRequest } from '../requestShape.ts';
import { findUnpairedTool } from '../toolPairs.ts';
import {
  messageShape,
  promptShape,
  type AnthropicBlock,
  type AnthropicMessage,
  type AnthropicPrompt,
  type AnthropicTool,
} from './anthropicRequestShape.ts';

/**
 * Translates the body of a request for a message. The given model replaces the body's; Bedrock has it
 * in the path. Throws a ModelError if the body is invalid.
 */
export function readAnthropicRequest(body: object, model?: string): ModelRequest {
  const request = parseRequest(messageShape, model === undefined ? body : { ...body, model });
  const { max_tokens: maxTokens } = request;
  const prompt = translatePrompt(request);
  if (request.thinking?.type === 'enabled' && request.thinking.budget_tokens >= maxTokens) {
    throw invalidField(
      ['max_tokens'],
      `${maxTokens} must be greater than thinking.budget_tokens, which is ${request.thinking.budget_tokens}`,
    );
  }
  return {
    ...prompt,
    maxTokens,
    temperature: request.temperature,
    topP: request.top_p,
    topK: request.top_k,
    stopSequences: request.stop_sequences ?? [],
  };
}

/** Translates the body of a request to count tokens. */
export function readAnthropicPrompt(body: object): ModelRequest {
  return translatePrompt(parseRequest(promptShape, body));
}

function translatePrompt(request: AnthropicPrompt): ModelRequest {
  if (request.mcp_servers?.length) {
    throw notEmulated(
      ['mcp_servers'],
      'MCP servers that the model calls are not emulated. Let the agent call them, and declare their tools.',
    );
  }
  const messages = request.messages.flatMap((message, index) =>
    message.role === 'system' ? [] : [readMessage(message, index)],
  );
  refuseUnpairedTools(messages);
  const tools = (request.tools ?? []).map(readTool);
  return {
    model: request.model,
    system: readSystem(request),
    messages,
    tools,
    toolChoice: readToolChoice(request.tool_choice, tools),
    parallelToolUse:
      request.tool_choice && 'disable_parallel_tool_use' in request.tool_choice
        ? !request.tool_choice.disable_parallel_tool_use
        : undefined,
    stopSequences: [],
    outputSchema: (request.output_config?.format ?? request.output_format)?.schema,
    reasoningTokens: readReasoning(request),
  };
}

/** System messages between other messages become part of the system prompt. */
function readSystem({ system = [], messages }: AnthropicPrompt): SystemBlock[] {
  const later = messages.flatMap(({ role, content }, message) =>
    role !== 'system'
      ? []
      : content.map((block, index) => {
          if (block.type === 'text') return block;
          throw invalidField(
            ['messages', message, 'content', index, 'type'],
            `expected "text" in a system message, but got "${block.type}"`,
          );
        }),
  );
  return [...system, ...later].map(({ text, cache_control: cache }) => ({
    text,
    cachePoint: cache ? true : undefined,
  }));
}

function readMessage({ role, content }: AnthropicMessage, index: number): ModelMessage {
  const path = ['messages', index, 'content'];
  return {
    role: role === 'assistant' ? 'assistant' : 'user',
    content: content.map((block, position) => {
      const expected = SENDERS[block.type];
      if (expected && expected !== role) {
        throw invalidField(
          [...path, position, 'type'],
          `"${block.type}" blocks belong in messages with the role "${expected}", not "${role}"`,
        );
      }
      const cachePoint = 'cache_control' in block && block.cache_control ? true : undefined;
      return Object.assign(readBlock(block), { cachePoint });
    }),
  };
}

/** The only role whose messages may contain a type of block. */
const SENDERS: Readonly<Record<string, 'user' | 'assistant'>> = {
  tool_use: 'assistant',
  thinking: 'assistant',
  redacted_thinking: 'assistant',
  tool_result: 'user',
  image: 'user',
  document: 'user',
};

function readBlock(block: AnthropicBlock): ContentBlock {
  switch (block.type) {
    case 'tool_use':
      return { type: 'toolUse', id: block.id, name: block.name, input: block.input };
    case 'tool_result':
      return {
        type: 'toolResult',
        id: block.tool_use_id,
        content: block.content.map(readContent),
        isError: block.is_error ?? false,
      };
    case 'thinking':
      return { type: 'reasoning', text: block.thinking, signature: block.signature };
    case 'redacted_thinking':
      return { type: 'redactedReasoning', data: block.data };
    case 'text':
    case 'image':
    case 'document':
    case 'search_result':
      return readContent(block);
  }
}

type Content = Extract<
  AnthropicBlock,
  { readonly type: 'text' | 'image' | 'document' | 'search_result' }
>;

function readContent(block: Content): ToolResultBlock['content'][number] {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.text };
    case 'search_result': {
      const texts = block.content.map(({ text }) => text);
      return { type: 'text', text: [block.title, block.source, ...texts].join('\n') };
    }
    case 'image':
    case 'document':
      return readMedia(block);
  }
}

function readMedia(block: Extract<Content, { type: 'image' | 'document' }>): MediaBlock {
  const { type: kind, source } = block;
  const name = block.type === 'document' ? (block.title ?? undefined) : undefined;
  const media = { type: 'media' as const, kind, name };
  switch (source.type) {
    case 'url':
      return { ...media, mimeType: null, source: { type: 'url', url: source.url } };
    case 'base64':
      return {
        ...media,
        mimeType: source.media_type,
        source: { type: 'bytes', bytes: source.data },
      };
    case 'text':
      return plainText(media, source.data);
    case 'content':
      return plainText(media, source.content.map(({ text }) => text).join('\n'));
  }
}

function plainText(media: Pick<MediaBlock, 'type' | 'kind' | 'name'>, text: string): MediaBlock {
  return {
    ...media,
    mimeType: 'text/plain',
    source: { type: 'bytes', bytes: Buffer.from(text, 'utf8') },
  };
}

function readTool(tool: AnthropicTool, index: number): ToolDefinition {
  if (tool.type && tool.type !== 'custom') {
    throw notEmulated(
      ['tools', index, 'type'],
      `the tool "${tool.type}" is not emulated. Declare a tool with name, description and input_schema.`,
    );
  }
  const { name, description = '', input_schema: inputSchema, cache_control: cache } = tool;
  if (name === undefined) {
    throw invalidField(['tools', index, 'name'], 'required (string), but missing');
  }
  if (inputSchema === undefined) {
    throw invalidField(['tools', index, 'input_schema'], 'required (JSON schema), but missing');
  }
  if (inputSchema['type'] !== 'object') {
    throw invalidField(
      ['tools', index, 'input_schema', 'type'],
      `expected "object", but got ${JSON.stringify(inputSchema['type']) ?? 'nothing'}`,
    );
  }
  return { name, description, inputSchema, cachePoint: cache ? true : undefined };
}

function readToolChoice(
  choice: AnthropicPrompt['tool_choice'],
  tools: readonly ToolDefinition[],
): ToolChoice {
  if (choice?.type === 'tool' && !tools.some(({ name }) => name === choice.name)) {
    throw invalidField(
      ['tool_choice', 'name'],
      `"${choice.name}" is not a declared tool. Add it to tools.`,
    );
  }
  if (choice?.type === 'any' && tools.length === 0) {
    throw invalidField(['tool_choice'], 'requires tools, but the request has none');
  }
  if (choice?.type === 'tool') return { type: 'tool', name: choice.name };
  return { type: choice?.type ?? 'auto' };
}

function readReasoning({ thinking, output_config: output }: AnthropicPrompt): number | undefined {
  switch (thinking?.type) {
    case 'enabled':
      return thinking.budget_tokens;
    case 'adaptive':
    case 'between_tools':
      return effortToTokens(output?.effort ?? 'high');
    case 'disabled':
    case undefined:
      return undefined;
  }
}

function refuseUnpairedTools(messages: readonly ModelMessage[]): void {
  const unpaired = findUnpairedTool(messages);
  if (!unpaired) return;
  const { type, id, message } = unpaired;
  throw invalidField(
    ['messages', message, 'content'],
    type === 'call'
      ? `the tool_use "${id}" has no tool_result in the next message. Send the result of every call.`
      : `the tool_result "${id}" has no tool_use in the previous message. Send the assistant's message before it.`,
  );
}
