import type {
  ContentBlockParam,
  DocumentBlockParam,
  ImageBlockParam,
  MessageCreateParamsNonStreaming,
  TextBlockParam,
  ToolChoice as AnthropicToolChoice,
  ToolResultBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import { ModelError } from '../modelError.ts';
import type {
  ContentBlock,
  MediaBlock,
  ModelRequest,
  ToolDefinition,
  ToolResultBlock,
} from '../modelRequest.ts';

/** The token limit for requests without one, which Anthropic requires. Reasoning tokens are added. */
const DEFAULT_MAX_TOKENS = 8192;

/** The smallest budget for reasoning that Anthropic accepts. */
const MIN_REASONING_TOKENS = 1024;

/** Translates a request to the body of a request for a message, without `stream`. */
export function writeAnthropicRequest(request: ModelRequest): MessageCreateParamsNonStreaming {
  const { reasoningTokens, tools, outputSchema, temperature } = request;
  const budget = reasoningTokens && Math.max(reasoningTokens, MIN_REASONING_TOKENS);
  const maxTokens = request.maxTokens ?? DEFAULT_MAX_TOKENS + (budget ?? 0);
  // If the limit leaves no room for the budget, the model replies without reasoning.
  const reasons = budget !== undefined && budget < maxTokens;
  return {
    model: request.model,
    max_tokens: maxTokens,
    messages: request.messages.map(({ role, content }) => ({
      role,
      content: content.flatMap(writeBlock),
    })),
    ...(request.system.length > 0 && {
      system: request.system.map(({ text, cachePoint }): TextBlockParam => ({
        type: 'text',
        text,
        ...cacheControl(cachePoint),
      })),
    }),
    ...(tools.length > 0 && { tools: tools.map(writeTool), tool_choice: writeToolChoice(request) }),
    ...(request.stopSequences.length > 0 && { stop_sequences: [...request.stopSequences] }),
    // Anthropic rejects sampling settings together with reasoning.
    ...(temperature !== undefined && !reasons && { temperature: Math.min(temperature, 1) }),
    ...(request.topP !== undefined && !reasons && { top_p: request.topP }),
    ...(request.topK !== undefined && !reasons && { top_k: request.topK }),
    ...(reasons && { thinking: { type: 'enabled' as const, budget_tokens: budget } }),
    ...(outputSchema &&
      Object.keys(outputSchema).length > 0 && {
        output_config: { format: { type: 'json_schema' as const, schema: { ...outputSchema } } },
      }),
  };
}

function cacheControl(cachePoint: boolean | undefined) {
  return cachePoint ? { cache_control: { type: 'ephemeral' as const } } : {};
}

function writeTool({ name, description, inputSchema, cachePoint }: ToolDefinition) {
  return {
    name,
    description,
    input_schema: { ...inputSchema, type: 'object' as const },
    ...cacheControl(cachePoint),
  };
}

function writeToolChoice({ toolChoice, parallelToolUse }: ModelRequest): AnthropicToolChoice {
  const parallel = parallelToolUse === false ? { disable_parallel_tool_use: true } : {};
  switch (toolChoice.type) {
    case 'none':
      return { type: 'none' };
    case 'tool':
      return { type: 'tool', name: toolChoice.name, ...parallel };
    case 'auto':
    case 'any':
      return { type: toolChoice.type, ...parallel };
  }
}

function writeBlock(block: ContentBlock): ContentBlockParam[] {
  switch (block.type) {
    case 'text':
      // Anthropic rejects empty text.
      return block.text === ''
        ? []
        : [{ type: 'text', text: block.text, ...cacheControl(block.cachePoint) }];
    case 'media':
      return [{ ...writeMedia(block), ...cacheControl(block.cachePoint) }];
    case 'toolUse': {
      const { id, name, input } = block;
      const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
      return [
        {
          type: 'tool_use',
          id,
          name,
          input: isObject ? input : { value: input },
          ...cacheControl(block.cachePoint),
        },
      ];
    }
    case 'toolResult':
      return [{ ...writeResult(block), ...cacheControl(block.cachePoint) }];
    case 'reasoning':
      // Anthropic rejects reasoning without a signature, and other providers send none.
      return block.signature === null
        ? []
        : [{ type: 'thinking', thinking: block.text, signature: block.signature }];
    case 'redactedReasoning':
      return [{ type: 'redacted_thinking', data: block.data }];
  }
}

function writeResult({ id, content, isError }: ToolResultBlock): ToolResultBlockParam {
  return {
    type: 'tool_result',
    tool_use_id: id,
    content: content.map((block) => (block.type === 'text' ? block : writeMedia(block))),
    is_error: isError,
  };
}

const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;

/** The MIME types of documents that are text. Converse names them by their extensions. */
const TEXT_TYPE = /^(?:text\/.*|application\/(?:txt|csv|md|html|json|xml))$/;

function writeMedia({
  kind,
  mimeType,
  source,
  name,
}: MediaBlock): ImageBlockParam | DocumentBlockParam {
  const refuse = (media: string) =>
    new ModelError('invalid', `Anthropic's models do not accept ${media}. Remove it.`);
  const title = name === undefined ? {} : { title: name };
  if (kind === 'image') {
    if (source.type === 'url') {
      return { type: 'image', source: { type: 'url', url: httpUrl(source.url) } };
    }
    const mediaType = IMAGE_TYPES.find((type) => type === (mimeType ?? 'image/png'));
    if (!mediaType) throw refuse(`images of the type ${mimeType}`);
    const data = encode(source.bytes);
    return { type: 'image', source: { type: 'base64', media_type: mediaType, data } };
  }
  if (kind !== 'document') throw refuse(kind);
  if (source.type === 'url') {
    return { type: 'document', source: { type: 'url', url: httpUrl(source.url) }, ...title };
  }
  if (mimeType === null || mimeType === 'application/pdf') {
    const data = encode(source.bytes);
    const pdf = { type: 'base64' as const, media_type: 'application/pdf' as const, data };
    return { type: 'document', source: pdf, ...title };
  }
  if (!TEXT_TYPE.test(mimeType)) throw refuse(`documents of the type ${mimeType}`);
  const data = Buffer.from(source.bytes).toString('utf8');
  const text = { type: 'text' as const, media_type: 'text/plain' as const, data };
  return { type: 'document', source: text, ...title };
}

function httpUrl(url: string): string {
  if (/^https?:\/\//.test(url)) return url;
  throw new ModelError('invalid', `Anthropic cannot read ${url}. Send the file's bytes.`);
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
