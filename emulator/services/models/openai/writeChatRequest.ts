import type {
  ChatCompletionContentPart,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
  ChatCompletionMessageToolCall,
  ChatCompletionToolChoiceOption,
} from 'openai/resources/chat/completions';
import { ModelError } from '../modelError.ts';
import type { ContentBlock, MediaBlock, ModelMessage, ModelRequest } from '../modelRequest.ts';
import { tokensToEffort } from '../reasoningEffort.ts';
import { writeArguments } from './contentParts.ts';

/** The differences between servers of chat completions. */
export interface ChatServerTraits {
  /** OpenAI's reasoning models reject `max_tokens`. Other servers accept only that name. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
}

/** Translates a request to the body of a request for a chat completion, without `stream`. */
export function writeChatRequest(
  request: ModelRequest,
  { maxTokensField }: ChatServerTraits,
): ChatCompletionCreateParamsNonStreaming {
  const { system, tools, outputSchema, reasoningTokens, parallelToolUse } = request;
  const instructions = system.map(({ text }) => text).join('\n\n');
  return {
    model: request.model,
    messages: [
      ...(instructions === '' ? [] : [{ role: 'system' as const, content: instructions }]),
      ...request.messages.flatMap(writeMessage),
    ],
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, inputSchema }) => ({
        type: 'function' as const,
        function: { name, description, parameters: { ...inputSchema } },
      })),
      tool_choice: writeToolChoice(request),
      ...(parallelToolUse !== undefined && { parallel_tool_calls: parallelToolUse }),
    }),
    ...(request.maxTokens !== undefined && { [maxTokensField]: request.maxTokens }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.topP !== undefined && { top_p: request.topP }),
    ...(request.stopSequences.length > 0 && { stop: [...request.stopSequences] }),
    ...(outputSchema && { response_format: writeFormat(outputSchema) }),
    ...(reasoningTokens !== undefined && { reasoning_effort: tokensToEffort(reasoningTokens) }),
  };
}

function writeFormat(schema: NonNullable<ModelRequest['outputSchema']>) {
  return Object.keys(schema).length === 0
    ? { type: 'json_object' as const }
    : {
        type: 'json_schema' as const,
        json_schema: { name: 'reply', schema: { ...schema }, strict: true },
      };
}

function writeToolChoice({ toolChoice }: ModelRequest): ChatCompletionToolChoiceOption {
  switch (toolChoice.type) {
    case 'auto':
    case 'none':
      return toolChoice.type;
    case 'any':
      return 'required';
    case 'tool':
      return { type: 'function', function: { name: toolChoice.name } };
  }
}

function writeMessage({ role, content }: ModelMessage): ChatCompletionMessageParam[] {
  return role === 'assistant' ? [writeAssistant(content)] : writeUser(content);
}

function writeAssistant(content: readonly ContentBlock[]): ChatCompletionMessageParam {
  const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  const calls = content.flatMap((block): ChatCompletionMessageToolCall[] =>
    block.type === 'toolUse'
      ? [
          {
            id: block.id,
            type: 'function',
            function: { name: block.name, arguments: writeArguments(block.input) },
          },
        ]
      : [],
  );
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

/** Results of tools are messages of their own. Their files follow in the user's message. */
function writeUser(content: readonly ContentBlock[]): ChatCompletionMessageParam[] {
  const results: ChatCompletionMessageParam[] = [];
  const parts: ChatCompletionContentPart[] = [];
  for (const block of content) {
    if (block.type === 'text') parts.push({ type: 'text', text: block.text });
    if (block.type === 'media') parts.push(writeMedia(block));
    if (block.type !== 'toolResult') continue;
    const texts: string[] = [];
    for (const item of block.content) {
      if (item.type === 'text') texts.push(item.text);
      else parts.push(writeMedia(item));
    }
    results.push({ role: 'tool', tool_call_id: block.id, content: texts.join('\n') });
  }
  const only = parts.length === 1 && parts[0]!.type === 'text' ? parts[0]!.text : parts;
  return parts.length === 0 ? results : [...results, { role: 'user', content: only }];
}

function writeMedia({ kind, mimeType, source, name }: MediaBlock): ChatCompletionContentPart {
  if (kind !== 'image' && kind !== 'document') {
    throw new ModelError(
      'invalid',
      `Chat completions do not accept ${kind}. Remove it, or choose another model backend.`,
    );
  }
  if (kind === 'image') {
    const url = source.type === 'url' ? source.url : dataUrl(mimeType ?? 'image/png', source.bytes);
    return { type: 'image_url', image_url: { url } };
  }
  if (source.type === 'url') {
    throw new ModelError(
      'invalid',
      `Chat completions do not read documents at URLs. Send the bytes of ${source.url}.`,
    );
  }
  const data = dataUrl(mimeType ?? 'application/pdf', source.bytes);
  return { type: 'file', file: { filename: name ?? 'document', file_data: data } };
}

function dataUrl(mimeType: string, bytes: Uint8Array): string {
  return `data:${mimeType};base64,${Buffer.from(bytes).toString('base64')}`;
}
