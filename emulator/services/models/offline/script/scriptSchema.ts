import * as z from 'zod';
import {
  MAX_LATENCY,
  MIN_TOKENS_PER_SECOND,
  OFFLINE_FAULTS,
} from '../../../../../src/shared/offlineModel.ts';

// Each message completes the sentence "Use …".
const STOP_REASONS = [
  'endTurn',
  'toolUse',
  'maxTokens',
  'stopSequence',
  'guardrail',
  'contentFiltered',
  'refusal',
  'pauseTurn',
  'contextWindowExceeded',
] as const;

const ERROR_KINDS = [
  'invalid',
  'authentication',
  'accessDenied',
  'notFound',
  'tooLarge',
  'throttled',
  'timeout',
  'unavailable',
  'modelError',
] as const;

const text = z.string('text');

function isRegex(source: string): boolean {
  try {
    return Boolean(new RegExp(source, 'iu'));
  } catch {
    return false;
  }
}

/** A text that must contain this one, ignoring case, or match a regular expression. */
const textCondition = z.union(
  [
    text,
    z.strictObject({
      regex: text.refine(isRegex, 'a valid regular expression'),
    }),
  ],
  'text to search for, or { regex: a valid regular expression }',
);

const condition = z.strictObject(
  {
    agent: text.optional(),
    model: textCondition.optional(),
    prompt: textCondition.optional(),
    system: textCondition.optional(),
    turn: z.int('an integer from 1').min(1, 'an integer from 1').optional(),
    toolResult: z
      .strictObject(
        { tool: text.optional(), text: textCondition.optional() },
        'an object with tool or text, or {} for any result',
      )
      .optional(),
  },
  'an object of conditions',
);

const tokens = z.int('an integer from 0').min(0, 'an integer from 0');

const pace = {
  latency: z
    .number(`milliseconds from 0 to ${MAX_LATENCY}`)
    .min(0, `milliseconds from 0 to ${MAX_LATENCY}`)
    .max(MAX_LATENCY, `milliseconds from 0 to ${MAX_LATENCY}`)
    .optional(),
  tokensPerSecond: z
    .number(`a number from ${MIN_TOKENS_PER_SECOND}`)
    .min(MIN_TOKENS_PER_SECOND, `a number from ${MIN_TOKENS_PER_SECOND}`)
    .optional(),
};

const turn = z.strictObject(
  {
    when: condition.optional(),
    times: z.int('an integer from 1').min(1, 'an integer from 1').optional(),
    text: text.optional(),
    reasoning: text.optional(),
    toolCalls: z
      .array(
        z.strictObject(
          {
            name: text,
            arguments: z.record(z.string(), z.unknown(), 'an object').optional(),
          },
          'an object with name and arguments',
        ),
        'a list of { name, arguments }',
      )
      .optional(),
    stopReason: z.enum(STOP_REASONS, `one of ${STOP_REASONS.join(', ')}`).optional(),
    usage: z
      .strictObject(
        {
          inputTokens: tokens.optional(),
          outputTokens: tokens.optional(),
          cacheReadTokens: tokens.optional(),
          cacheWriteTokens: tokens.optional(),
        },
        'an object of token counts',
      )
      .optional(),
    fault: z.enum(OFFLINE_FAULTS, `one of ${OFFLINE_FAULTS.join(', ')}`).optional(),
    error: z
      .strictObject(
        {
          kind: z.enum(ERROR_KINDS, `one of ${ERROR_KINDS.join(', ')}`),
          message: text.optional(),
          retryAfter: z.number('seconds').min(0, 'seconds').optional(),
        },
        'an object with kind and message',
      )
      .optional(),
    ...pace,
  },
  'an object',
);

/** A script of the offline model, `agentcore/model-script.yaml`. */
export const modelScript = z.strictObject(
  { ...pace, turns: z.array(turn, 'a list of turns').nullish() },
  'an object with turns',
);

export type ModelScript = z.output<typeof modelScript>;
export type ScriptedTurn = z.output<typeof turn>;
export type TextCondition = z.output<typeof textCondition>;
