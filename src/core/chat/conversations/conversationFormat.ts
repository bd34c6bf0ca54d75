import * as z from 'zod';
import { storedTarget } from '../../../shared/schemas/target.ts';
import { modelCallSummary } from '../../../shared/schemas/adminApi.ts';
import { attachment } from '../../../shared/schemas/attachment.ts';
import type { EndReason } from '../../../shared/session.ts';
import type { OpeningReason } from '../../../shared/chat/session.ts';
import type { Part } from '../../../shared/chat/answer.ts';
import { MAX_LISTED_CALLS } from '../../../shared/chat/modelCalls.ts';
import type { Turn } from '../../../shared/chat/turn.ts';
import type { ConversationHead } from './conversationStore.ts';

// Files may come from another version or be edited by hand, so they are untrusted input.

const reasons = {
  'idle-timeout': true,
  'max-lifetime': true,
  stopped: true,
  unhealthy: true,
  crashed: true,
  'start-failed': true,
  reloaded: true,
  'runtime-deleted': true,
  'emulator-closed': true,
  'new-session': true,
  forked: true,
  imported: true,
} satisfies Record<EndReason | OpeningReason, true>;

const opening = z.object({
  why: z.enum(Object.keys(reasons) as [OpeningReason, ...OpeningReason[]]),
  isEstimated: z.exactOptional(z.literal(true)),
});

// A table by type, so that the compiler reports a missing one.
const parts = {
  text: z.object({ type: z.literal('text'), text: z.string() }),
  thinking: z.object({ type: z.literal('thinking'), text: z.string() }),
  guardrail: z.object({ type: z.literal('guardrail'), text: z.string() }),
  notice: z.object({ type: z.literal('notice'), text: z.string() }),
  data: z.object({
    type: z.literal('data'),
    json: z.string(),
    leftOut: z.exactOptional(z.number()),
  }),
  tool: z.object({
    type: z.literal('tool'),
    id: z.string(),
    name: z.string(),
    input: z.string(),
    result: z.object({ text: z.string(), failed: z.boolean() }).nullable(),
    startedAt: z.number(),
    endedAt: z.number().nullable(),
  }),
} satisfies Record<Part['type'], z.ZodType>;

/** A stored or exported turn. */
export const turnFormat = z.object({
  id: z.string().min(1),
  prompt: z.string(),
  isPayload: z.exactOptional(z.literal(true)),
  isUnprompted: z.exactOptional(z.literal(true)),
  attachments: z.exactOptional(z.array(attachment)),
  opening: opening.nullable(),
  parts: z.array(
    z.discriminatedUnion('type', [
      parts.text,
      parts.thinking,
      parts.guardrail,
      parts.notice,
      parts.data,
      parts.tool,
    ]),
  ),
  usage: z
    .object({
      inputTokens: z.number(),
      outputTokens: z.number(),
      costInDollars: z.number(),
    })
    .partial()
    .nullable(),
  modelCalls: z.exactOptional(
    z.object({
      listed: z.array(modelCallSummary).max(MAX_LISTED_CALLS),
      total: z.object({
        calls: z.number(),
        inputTokens: z.number(),
        outputTokens: z.number(),
        cost: z.number().nullable(),
      }),
    }),
  ),
  waitingTask: z.exactOptional(z.object({ id: z.string(), contextId: z.string() })),
  askedAt: z.number(),
  firstAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  outcome: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('completed') }),
      z.object({ type: z.literal('canceled') }),
      z.object({
        type: z.literal('failed'),
        failure: z.object({ name: z.string(), message: z.string() }),
      }),
    ])
    .nullable(),
});

const head = z.object({
  version: z.literal(1),
  id: z.string(),
  title: z.string(),
  target: storedTarget.nullable(),
  agentName: z.string(),
  actorId: z.string().nullable(),
  sessionId: z.string(),
  runStartedAt: z.string().nullable(),
  opening: opening.nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
});

/** Serializes a head. */
export function writeHead(head: ConversationHead): string {
  return `${JSON.stringify({ version: 1, ...head }, null, 2)}\n`;
}

/** Parses a head; throws with the reason if it is invalid. */
export function readHead(text: string): ConversationHead {
  const { version: _, ...read } = head.parse(JSON.parse(text));
  return read;
}

/** Serializes a turn as a line of its own, even after an incomplete line. */
export function writeTurn(turn: Turn): string {
  return `\n${JSON.stringify(turn)}`;
}

/** Parses the readable turns of a file. */
export function readTurns(text: string): readonly Turn[] {
  return repairTurns(text.split('\n').flatMap((line) => readTurn(line) ?? []));
}

/**
 * Repairs turns that were read: keeps the last one of each ID, in the order of the first, and closes
 * turns without an outcome.
 */
export function repairTurns(read: readonly Turn[]): readonly Turn[] {
  const turns = new Map<string, Turn>();
  for (const turn of read) turns.set(turn.id, turn);
  return [...turns.values()].map(closed);
}

function readTurn(line: string): Turn | null {
  try {
    return (turnFormat.safeParse(JSON.parse(line)).data as Turn | undefined) ?? null;
  } catch {
    // Blank, or incomplete because the machine or the program ended.
    return null;
  }
}

/** Closes an answer that was incomplete when it was written. */
function closed(turn: Turn): Turn {
  if (turn.outcome !== null) return turn;
  const message = 'The chat was closed or exported before the answer was complete.';
  return {
    ...turn,
    endedAt: turn.endedAt ?? turn.askedAt,
    outcome: { type: 'failed', failure: { name: 'Interrupted', message } },
  };
}
