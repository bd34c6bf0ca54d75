import * as z from 'zod';
import { REASONING_EFFORTS } from '../reasoningEffort.ts';
import { jsonObject, textOr } from '../requestShape.ts';
import { functionName } from './chatRequestShape.ts';

const contentPart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('input_text'), text: z.string() }),
  z.object({ type: z.literal('output_text'), text: z.string() }),
  z.object({ type: z.literal('refusal'), refusal: z.string() }),
  z.object({
    type: z.literal('input_image'),
    image_url: z.string().nullish(),
    file_id: z.string().nullish(),
  }),
  z.object({
    type: z.literal('input_file'),
    file_data: z.string().nullish(),
    file_url: z.string().nullish(),
    file_id: z.string().nullish(),
    filename: z.string().nullish(),
  }),
]);

const item = z.preprocess(
  // The type of messages is optional.
  (value) =>
    typeof value === 'object' && value !== null && 'role' in value && !('type' in value)
      ? { ...value, type: 'message' }
      : value,
  z.discriminatedUnion('type', [
    z.object({
      type: z.literal('message'),
      role: z.enum(['user', 'assistant', 'system', 'developer']),
      content: textOr('input_text', contentPart),
    }),
    z.object({
      type: z.literal('function_call'),
      call_id: z.string().min(1),
      name: z.string().min(1),
      arguments: z.string(),
    }),
    z.object({
      type: z.literal('function_call_output'),
      call_id: z.string().min(1),
      output: textOr('input_text', contentPart),
    }),
    z.object({
      type: z.literal('reasoning'),
      summary: z.array(z.object({ text: z.string() })).default([]),
      encrypted_content: z.string().nullish(),
    }),
  ]),
);

/** The body of a request for a response. Unknown fields are ignored. */
export const responsesShape = z.object({
  model: z.string().min(1),
  input: z.preprocess(
    (value) => (typeof value === 'string' ? [{ role: 'user', content: value }] : value),
    z.array(item),
  ),
  instructions: z.string().nullish(),
  previous_response_id: z.string().nullish(),
  store: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  include: z.array(z.string()).nullish(),
  tools: z
    .array(
      z.looseObject({
        type: z.string(),
        name: z.string().optional(),
        description: z.string().nullish(),
        parameters: jsonObject.nullish(),
        strict: z.boolean().nullish(),
      }),
    )
    .nullish(),
  tool_choice: z
    .union(
      [
        z.enum(['none', 'auto', 'required']),
        z.object({ type: z.literal('function'), name: z.string() }),
        z.object({
          type: z.literal('allowed_tools'),
          mode: z.enum(['auto', 'required']),
          tools: z.array(z.looseObject({ name: z.string() })),
        }),
      ],
      { error: 'expected "none", "auto", "required", a function or allowed_tools' },
    )
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  text: z
    .object({
      format: z
        .discriminatedUnion('type', [
          z.object({ type: z.literal('text') }),
          z.object({ type: z.literal('json_object') }),
          z.looseObject({ type: z.literal('json_schema'), name: functionName, schema: jsonObject }),
        ])
        .optional(),
    })
    .nullish(),
  reasoning: z
    .object({
      effort: z.enum(REASONING_EFFORTS).nullish(),
      summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
    })
    .nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish(),
  user: z.string().optional(),
  background: z.boolean().nullish(),
  conversation: z.unknown().optional(),
  prompt: z.unknown().optional(),
});

export type ResponsesBody = z.output<typeof responsesShape>;
export type ResponsesItem = ResponsesBody['input'][number];
