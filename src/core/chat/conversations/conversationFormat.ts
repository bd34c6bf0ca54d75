import * as z from 'zod';
import { storedTarget } from '../../agents/target.ts';
import { attachment } from '../attachments/attachmentFormat.ts';
import type { EndReason } from '../../../shared/session.ts';
import type { OpeningReason } from '../../../shared/chat/session.ts';
import type { Part } from '../../../shared/chat/answer.ts';
import type { Turn } from '../../../shared/chat/turn.ts';
import type { ConversationHead } from './conversationStore.ts';

// What is read from a file may be another version's, or written by hand: it is input.

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

// By their type, so that the compiler misses the one that is forgotten here.
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

/** A turn as it is kept and handed on. */
export const turnFormat = z.object({
  id: z.string().min(1),
  prompt: z.string(),
  isPayload: z.exactOptional(z.literal(true)),
  isUnasked: z.exactOptional(z.literal(true)),
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
  waitingTask: z.exactOptional(z.object({ id: z.string(), contextId: z.string() })),
  askedAt: z.number(),
  firstAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  outcome: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('completed') }),
      z.object({ type: z.literal('cancelled') }),
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

/** A head as the text of a file. */
export function writeHead(head: ConversationHead): string {
  return `${JSON.stringify({ version: 1, ...head }, null, 2)}\n`;
}

/** The head in the text of a file; throws with what is wrong with it. */
export function readHead(text: string): ConversationHead {
  const { version: _, ...read } = head.parse(JSON.parse(text));
  return read;
}

/** A turn as it is appended: a line of its own, whatever became of the line before. */
export function writeTurn(turn: Turn): string {
  return `\n${JSON.stringify(turn)}`;
}

/** The turns in a file, as far as they can be read. */
export function readTurns(text: string): readonly Turn[] {
  return repairTurns(text.split('\n').flatMap((line) => readTurn(line) ?? []));
}

/**
 * What can be gone on with, of turns that were read anywhere: of those with the same id the last, in the
 * order of the first, and none whose answer is still to come.
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
    // Cut off in mid-line, when the machine or the program ended, or blank.
    return null;
  }
}

/** Of an answer that had not ended when it was written, no more will come. */
function closed(turn: Turn): Turn {
  if (turn.outcome !== null) return turn;
  const message = 'The chat was closed, or exported, before the answer was complete.';
  return {
    ...turn,
    endedAt: turn.endedAt ?? turn.askedAt,
    outcome: { type: 'failed', failure: { name: 'Interrupted', message } },
  };
}
