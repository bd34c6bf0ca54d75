import { parseArguments } from '../modelEvent.ts';
import type {
  ContentBlock,
  JsonSchema,
  MediaBlock,
  ModelMessage,
  ModelRequest,
  ToolDefinition,
} from '../modelRequest.ts';
import { effortToTokens } from '../reasoningEffort.ts';
import { invalidField, notEmulated, parseRequest } from '../requestShape.ts';
import { findUnpairedTool } from '../toolPairs.ts';
import { chatShape, type ChatBody, type ChatMessage } from './chatRequestShape.ts';
import { readFileData, readImageUrl } from './contentParts.ts';
import { selectTools, type OpenaiToolChoice } from './toolSelection.ts';

/**
 * Translates the body of a request for a chat completion. The given model replaces the body's; Bedrock
 * has it in the path. Throws a ModelError if the body is invalid.
 */
export function readChatRequest(body: object, model?: string): ModelRequest {
  const request = parseRequest(chatShape, model === undefined ? body : { ...body, model });
  refuseUnsupported(request);
  const messages = readMessages(request.messages);
  refuseUnpairedTools(messages);
  return {
    model: request.model,
    system: request.messages.flatMap(({ role, content }) =>
      role === 'system' || role === 'developer' ? content.map(({ text }) => ({ text })) : [],
    ),
    messages,
    ...selectTools((request.tools ?? []).map(readTool), readToolChoice(request.tool_choice)),
    parallelToolUse: request.parallel_tool_calls ?? undefined,
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? undefined,
    temperature: request.temperature ?? undefined,
    topP: request.top_p ?? undefined,
    stopSequences: request.stop ?? [],
    outputSchema: readFormat(request.response_format),
    reasoningTokens: request.reasoning_effort
      ? effortToTokens(request.reasoning_effort)
      : undefined,
  };
}

function refuseUnsupported(request: ChatBody): void {
  if ((request.n ?? 1) > 1) {
    throw notEmulated(['n'], `${request.n} choices are not emulated. Send one request for each.`);
  }
  if (request.modalities?.includes('audio') || request.audio) {
    throw notEmulated(['modalities'], 'audio replies are not emulated. Use ["text"].');
  }
  if (request.logprobs) {
    throw notEmulated(['logprobs'], 'token probabilities are not emulated. Remove the field.');
  }
  if (request.functions) {
    throw notEmulated(['functions'], 'the deprecated functions are not emulated. Use tools.');
  }
  if (request.web_search_options) {
    throw notEmulated(
      ['web_search_options'],
      'web search is not emulated. Declare a function that searches in tools.',
    );
  }
}

/** Consecutive results of tools become one message. */
function readMessages(messages: readonly ChatMessage[]): ModelMessage[] {
  const result: ModelMessage[] = [];
  let results: ContentBlock[] | undefined;
  for (const [index, message] of messages.entries()) {
    if (message.role === 'system' || message.role === 'developer') continue;
    if (message.role !== 'tool') {
      results = undefined;
      result.push(readMessage(message, index));
      continue;
    }
    if (!results) {
      results = [];
      result.push({ role: 'user', content: results });
    }
    results.push({
      type: 'toolResult',
      id: message.tool_call_id,
      content: message.content,
      isError: false,
    });
  }
  return result;
}

function readMessage(
  message: Extract<ChatMessage, { role: 'user' | 'assistant' }>,
  index: number,
): ModelMessage {
  if (message.role === 'user') {
    return {
      role: 'user',
      content: message.content.map((part, position) =>
        part.type === 'text' ? part : readPart(part, ['messages', index, 'content', position]),
      ),
    };
  }
  const texts = (message.content ?? []).map((part) =>
    part.type === 'text' ? part.text : part.refusal,
  );
  if (message.refusal) texts.push(message.refusal);
  return {
    role: 'assistant',
    content: [
      ...texts.filter((text) => text !== '').map((text) => ({ type: 'text' as const, text })),
      ...(message.tool_calls ?? []).map(({ id, function: call }) => ({
        type: 'toolUse' as const,
        id,
        name: call.name,
        input: parseArguments(call.arguments),
      })),
    ],
  };
}

type Part = Extract<ChatMessage, { role: 'user' }>['content'][number];

function readPart(part: Exclude<Part, { type: 'text' }>, path: readonly PropertyKey[]): MediaBlock {
  switch (part.type) {
    case 'image_url':
      return readImageUrl(part.image_url.url, [...path, 'image_url', 'url']);
    case 'input_audio':
      throw notEmulated(path, 'audio is not emulated. Send its transcript as text.');
    case 'file': {
      const { file_data: data, filename } = part.file;
      if (data === undefined) {
        throw notEmulated(
          [...path, 'file'],
          'uploaded files are not emulated. Send file_data with a data URL.',
        );
      }
      return readFileData(data, filename, [...path, 'file', 'file_data']);
    }
  }
}

function readTool(
  { type, function: definition }: NonNullable<ChatBody['tools']>[number],
  index: number,
): ToolDefinition {
  if (type !== 'function') {
    throw notEmulated(
      ['tools', index, 'type'],
      `the tool "${type}" is not emulated. Declare a tool of the type "function".`,
    );
  }
  if (!definition) {
    throw invalidField(['tools', index, 'function'], 'required (object), but missing');
  }
  const { name, description, parameters } = definition;
  return {
    name,
    description: description ?? '',
    inputSchema: parameters ?? { type: 'object', properties: {} },
  };
}

function readToolChoice(choice: ChatBody['tool_choice']): OpenaiToolChoice | undefined {
  if (!choice || typeof choice === 'string') return choice ?? undefined;
  if (choice.type === 'function') return { type: 'function', name: choice.function.name };
  const { mode, tools } = choice.allowed_tools;
  return { type: 'allowed_tools', mode, names: tools.map((tool) => tool.function.name) };
}

function readFormat(format: ChatBody['response_format']): JsonSchema | undefined {
  if (format?.type === 'json_schema') return format.json_schema.schema ?? {};
  return format?.type === 'json_object' ? {} : undefined;
}

function refuseUnpairedTools(messages: readonly ModelMessage[]): void {
  const unpaired = findUnpairedTool(messages);
  if (!unpaired) return;
  const { type, id } = unpaired;
  throw invalidField(
    ['messages'],
    type === 'call'
      ? `the tool call "${id}" is not followed by a message with the role "tool". Send the result of every call.`
      : `the result of the tool call "${id}" does not follow the assistant's message with that call`,
  );
}
