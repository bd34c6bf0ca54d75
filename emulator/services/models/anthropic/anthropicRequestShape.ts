import * as z from 'zod';
import { base64, jsonObject, textOr } from '../requestShape.ts';

const cacheControl = z.looseObject({ type: z.literal('ephemeral') }).nullish();

const text = z.object({ type: z.literal('text'), text: z.string(), cache_control: cacheControl });

const image = z.object({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.object({
      type: z.literal('base64'),
      media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
      data: base64,
    }),
    z.object({ type: z.literal('url'), url: z.string() }),
  ]),
  cache_control: cacheControl,
});

const document = z.object({
  type: z.literal('document'),
  source: z.discriminatedUnion('type', [
    z.object({
      type: z.literal('base64'),
      media_type: z.literal('application/pdf'),
      data: base64,
    }),
    z.object({ type: z.literal('text'), media_type: z.literal('text/plain'), data: z.string() }),
    z.object({ type: z.literal('content'), content: textOr('text', text) }),
    z.object({ type: z.literal('url'), url: z.string() }),
  ]),
  title: z.string().nullish(),
  cache_control: cacheControl,
});

const searchResult = z.object({
  type: z.literal('search_result'),
  source: z.string(),
  title: z.string(),
  content: z.array(text),
  cache_control: cacheControl,
});

const resultContent = z.discriminatedUnion('type', [text, image, document, searchResult]);

const block = z.discriminatedUnion('type', [
  text,
  image,
  document,
  searchResult,
  z.object({
    type: z.literal('tool_use'),
    id: z.string().min(1),
    name: z.string().min(1),
    input: jsonObject,
    cache_control: cacheControl,
  }),
  z.object({
    type: z.literal('tool_result'),
    tool_use_id: z.string().min(1),
    content: textOr('text', resultContent).default([]),
    is_error: z.boolean().nullish(),
    cache_control: cacheControl,
  }),
  z.object({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.object({ type: z.literal('redacted_thinking'), data: z.string() }),
]);

const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/, {
  error: 'expected 1 to 128 letters, digits, hyphens or underscores',
});

const tool = z.looseObject({
  type: z.string().nullish(),
  name: toolName.optional(),
  description: z.string().optional(),
  input_schema: jsonObject.optional(),
  cache_control: cacheControl,
});

const disableParallel = { disable_parallel_tool_use: z.boolean().optional() };

const outputFormat = z.object({ type: z.literal('json_schema'), schema: jsonObject });

const prompt = {
  model: z.string().min(1),
  system: textOr('text', text).optional(),
  messages: z
    .array(
      z.object({
        role: z.enum(['user', 'assistant', 'system']),
        content: textOr('text', block),
      }),
    )
    .min(1, { error: 'expected at least one message' }),
  tools: z.array(tool).optional(),
  tool_choice: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('auto'), ...disableParallel }),
      z.object({ type: z.literal('any'), ...disableParallel }),
      z.object({ type: z.literal('tool'), name: z.string(), ...disableParallel }),
      z.object({ type: z.literal('none') }),
    ])
    .optional(),
  thinking: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('enabled'), budget_tokens: z.int().min(1024) }),
      z.object({ type: z.literal('adaptive') }),
      z.object({ type: z.literal('between_tools') }),
      z.object({ type: z.literal('disabled') }),
    ])
    .optional(),
  output_config: z
    .object({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      format: outputFormat.nullish(),
    })
    .optional(),
  /** The name of `output_config.format` in the API's beta version. */
  output_format: outputFormat.nullish(),
  /** Servers that Anthropic's API would call. */
  mcp_servers: z.array(z.unknown()).nullish(),
};

/** The body of a request to count tokens. */
export const promptShape = z.object(prompt);

/** The body of a request for a message. Unknown fields, such as those of betas, are ignored. */
export const messageShape = z.object({
  ...prompt,
  max_tokens: z.int().min(1),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  stop_sequences: z.array(z.string().min(1)).optional(),
  stream: z.boolean().optional(),
});

export type AnthropicPrompt = z.output<typeof promptShape>;
export type AnthropicMessage = AnthropicPrompt['messages'][number];
export type AnthropicBlock = AnthropicMessage['content'][number];
export type AnthropicTool = z.output<typeof tool>;
