import * as z from 'zod';
import { REASONING_EFFORTS } from '../reasoningEffort.ts';
import { jsonObject, textOr } from '../requestShape.ts';

const text = z.object({ type: z.literal('text'), text: z.string() });

const part = z.discriminatedUnion('type', [
  text,
  z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) }),
  z.object({ type: z.literal('input_audio') }),
  z.object({
    type: z.literal('file'),
    file: z.object({
      file_data: z.string().optional(),
      file_id: z.string().optional(),
      filename: z.string().optional(),
    }),
  }),
]);

const toolCall = z.object({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.object({ name: z.string().min(1), arguments: z.string() }),
});

const message = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), content: textOr('text', text) }),
  z.object({ role: z.literal('developer'), content: textOr('text', text) }),
  z.object({ role: z.literal('user'), content: textOr('text', part) }),
  z.object({
    role: z.literal('assistant'),
    content: textOr(
      'text',
      z.discriminatedUnion('type', [
        text,
        z.object({ type: z.literal('refusal'), refusal: z.string() }),
      ]),
    ).nullish(),
    refusal: z.string().nullish(),
    tool_calls: z.array(toolCall).nullish(),
  }),
  z.object({
    role: z.literal('tool'),
    content: textOr('text', text),
    tool_call_id: z.string().min(1),
  }),
]);

/** A name that a function or a JSON schema may have. */
export const functionName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, {
  error: 'expected 1 to 64 letters, digits, hyphens or underscores',
});

/** The body of a request for a chat completion. Unknown fields are ignored. */
export const chatShape = z.object({
  model: z.string().min(1),
  messages: z.array(message).min(1, { error: 'expected at least one message' }),
  tools: z
    .array(
      z.looseObject({
        type: z.string(),
        function: z
          .object({
            name: functionName,
            description: z.string().nullish(),
            parameters: jsonObject.nullish(),
          })
          .optional(),
      }),
    )
    .nullish(),
  tool_choice: z
    .union(
      [
        z.enum(['none', 'auto', 'required']),
        z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }),
        z.object({
          type: z.literal('allowed_tools'),
          allowed_tools: z.object({
            mode: z.enum(['auto', 'required']),
            tools: z.array(z.object({ function: z.object({ name: z.string() }) })),
          }),
        }),
      ],
      { error: 'expected "none", "auto", "required", a function or allowed_tools' },
    )
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({ type: z.literal('json_object') }),
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.object({ name: functionName, schema: jsonObject.optional() }),
      }),
    ])
    .nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  max_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  stop: z
    .preprocess(
      (value) => (typeof value === 'string' ? [value] : value),
      z.array(z.string().min(1)).max(4).nullish(),
    )
    .optional(),
  reasoning_effort: z.enum(REASONING_EFFORTS).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  n: z.int().min(1).nullish(),
  logprobs: z.boolean().nullish(),
  modalities: z.array(z.enum(['text', 'audio'])).nullish(),
  audio: z.unknown().optional(),
  functions: z.unknown().optional(),
  web_search_options: z.unknown().optional(),
});

export type ChatBody = z.output<typeof chatShape>;
export type ChatMessage = ChatBody['messages'][number];
