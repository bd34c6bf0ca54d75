import { parseArguments } from '../modelEvent.ts';
import type {
  ContentBlock,
  JsonSchema,
  ModelMessage,
  ModelRequest,
  SystemBlock,
  ToolDefinition,
  ToolResultBlock,
} from '../modelRequest.ts';
import { effortToTokens } from '../reasoningEffort.ts';
import { invalidField, notEmulated, parseRequest } from '../requestShape.ts';
import { readFileData, readFileUrl, readImageUrl } from './contentParts.ts';
import { functionName } from './chatRequestShape.ts';
import { decodeReasoning } from './encryptedReasoning.ts';
import { responsesShape, type ResponsesBody, type ResponsesItem } from './responsesRequestShape.ts';
import { selectTools, type OpenaiToolChoice } from './toolSelection.ts';

/** The prompt and reply of an earlier response, without its instructions. */
export interface EarlierTurns {
  readonly system: readonly SystemBlock[];
  readonly messages: readonly ModelMessage[];
}

/** A translated request for a response. */
export interface ResponsesRequest {
  readonly request: ModelRequest;
  readonly body: ResponsesBody;
  /** The turns that a later request continues, apart from the reply. */
  readonly turns: EarlierTurns;
}

/**
 * Translates the body of a request for a response. `findEarlier` returns the turns of an earlier
 * response. Throws a ModelError if the body is invalid.
 */
export function readResponsesRequest(
  json: object,
  findEarlier: (responseId: string) => EarlierTurns | undefined,
): ResponsesRequest {
  const body = parseRequest(responsesShape, json);
  refuseUnsupported(body);
  const earlier = readEarlier(body, findEarlier);
  const turns = {
    system: [...earlier.system, ...readSystem(body.input)],
    messages: joinMessages([...earlier.messages, ...body.input.flatMap(readItem)]),
  };
  refuseUnpairedCalls(turns.messages);
  const { instructions, reasoning } = body;
  const request = {
    model: body.model,
    system: [...(instructions ? [{ text: instructions }] : []), ...turns.system],
    messages: turns.messages,
    ...selectTools((body.tools ?? []).map(readTool), readToolChoice(body.tool_choice)),
    parallelToolUse: body.parallel_tool_calls ?? undefined,
    maxTokens: body.max_output_tokens ?? undefined,
    temperature: body.temperature ?? undefined,
    topP: body.top_p ?? undefined,
    stopSequences: [],
    outputSchema: readFormat(body.text?.format),
    reasoningTokens: reasoning?.effort ? effortToTokens(reasoning.effort) : undefined,
  };
  return { request, body, turns };
}

function refuseUnsupported({ background, conversation, prompt }: ResponsesBody): void {
  if (background) {
    throw notEmulated(['background'], 'background responses are not emulated. Use stream.');
  }
  if (conversation) {
    throw notEmulated(
      ['conversation'],
      'stored conversations are not emulated. Use previous_response_id.',
    );
  }
  if (prompt) {
    throw notEmulated(['prompt'], 'stored prompts are not emulated. Use instructions and input.');
  }
}

function readEarlier(
  { previous_response_id: id }: ResponsesBody,
  find: (responseId: string) => EarlierTurns | undefined,
): EarlierTurns {
  if (!id) return { system: [], messages: [] };
  const earlier = find(id);
  if (earlier) return earlier;
  throw invalidField(
    ['previous_response_id'],
    `the session has no stored response "${id}". Send the whole conversation as input.`,
  );
}

function readSystem(items: readonly ResponsesItem[]): SystemBlock[] {
  return items.flatMap((item, index) =>
    item.type === 'message' && (item.role === 'system' || item.role === 'developer')
      ? item.content.map((part, position) => {
          if ('text' in part) return { text: part.text };
          throw invalidField(
            ['input', index, 'content', position, 'type'],
            `expected "input_text" in a ${item.role} message, but got "${part.type}"`,
          );
        })
      : [],
  );
}

function readItem(item: ResponsesItem, index: number): ModelMessage[] {
  const path = ['input', index];
  switch (item.type) {
    case 'message':
      if (item.role === 'system' || item.role === 'developer') return [];
      return [{ role: item.role, content: readContent(item.content, [...path, 'content']) }];
    case 'function_call':
      return [
        {
          role: 'assistant',
          content: [
            {
              type: 'toolUse',
              id: item.call_id,
              name: item.name,
              input: parseArguments(item.arguments),
            },
          ],
        },
      ];
    case 'function_call_output': {
      const content = readContent(item.output, [...path, 'output']);
      return [
        {
          role: 'user',
          content: [{ type: 'toolResult', id: item.call_id, content, isError: false }],
        },
      ];
    }
    case 'reasoning': {
      const text = item.summary.map((part) => part.text).join('\n');
      const block = decodeReasoning(item.encrypted_content ?? null, text);
      return block ? [{ role: 'assistant', content: [block] }] : [];
    }
  }
}

type ContentPart = Extract<ResponsesItem, { type: 'message' }>['content'][number];

function readContent(
  parts: readonly ContentPart[],
  path: readonly PropertyKey[],
): ToolResultBlock['content'] {
  return parts.map((part, position) => {
    const here = [...path, position];
    switch (part.type) {
      case 'input_text':
      case 'output_text':
        return { type: 'text', text: part.text };
      case 'refusal':
        return { type: 'text', text: part.refusal };
      case 'input_image':
        if (part.image_url) return readImageUrl(part.image_url, [...here, 'image_url']);
        throw uploadedFile(here, 'image_url');
      case 'input_file': {
        const name = part.filename ?? undefined;
        if (part.file_data) return readFileData(part.file_data, name, [...here, 'file_data']);
        if (part.file_url) return readFileUrl(part.file_url, name, [...here, 'file_url']);
        throw uploadedFile(here, 'file_data');
      }
    }
  });
}

function uploadedFile(path: readonly PropertyKey[], field: string) {
  return notEmulated(path, `uploaded files are not emulated. Send ${field} with a data URL.`);
}

/** Joins what the assistant did in one reply, and the results of its calls. */
function joinMessages(messages: readonly ModelMessage[]): ModelMessage[] {
  const joined: { role: ModelMessage['role']; content: ContentBlock[] }[] = [];
  for (const { role, content } of messages) {
    const last = joined.at(-1);
    const joins =
      last?.role === role &&
      (role === 'assistant' || [...last.content, ...content].every(isToolResult));
    if (joins) last.content.push(...content);
    else joined.push({ role, content: [...content] });
  }
  return joined;
}

function isToolResult({ type }: ContentBlock): boolean {
  return type === 'toolResult';
}

/** The API pairs calls and outputs by their IDs, in any order. */
function refuseUnpairedCalls(messages: readonly ModelMessage[]): void {
  const blocks = messages.flatMap(({ content }) => content);
  const calls = blocks.flatMap((block) => (block.type === 'toolUse' ? [block.id] : []));
  const outputs = blocks.flatMap((block) => (block.type === 'toolResult' ? [block.id] : []));
  const output = outputs.find((id) => !calls.includes(id));
  if (output !== undefined) {
    throw invalidField(
      ['input'],
      `the function_call_output "${output}" has no function_call. Send the call before it, or previous_response_id.`,
    );
  }
  const call = calls.find((id) => !outputs.includes(id));
  if (call !== undefined) {
    throw invalidField(
      ['input'],
      `the function_call "${call}" has no function_call_output. Send the output of every call.`,
    );
  }
}

function readTool(
  { type, name, description, parameters }: NonNullable<ResponsesBody['tools']>[number],
  index: number,
): ToolDefinition {
  if (type !== 'function') {
    throw notEmulated(
      ['tools', index, 'type'],
      `the tool "${type}" is not emulated. Declare a tool of the type "function".`,
    );
  }
  const result = functionName.safeParse(name);
  if (!result.success) {
    throw invalidField(['tools', index, 'name'], result.error.issues[0]!.message);
  }
  return {
    name: result.data,
    description: description ?? '',
    inputSchema: parameters ?? { type: 'object', properties: {} },
  };
}

function readToolChoice(choice: ResponsesBody['tool_choice']): OpenaiToolChoice | undefined {
  if (!choice || typeof choice === 'string' || choice.type === 'function') {
    return choice ?? undefined;
  }
  const { type, mode, tools } = choice;
  return { type, mode, names: tools.map(({ name }) => name) };
}

type TextFormat = NonNullable<NonNullable<ResponsesBody['text']>['format']>;

function readFormat(format: TextFormat | undefined): JsonSchema | undefined {
  if (format?.type === 'json_schema') return format.schema;
  return format?.type === 'json_object' ? {} : undefined;
}
