import * as z from 'zod';
import type { Turn } from '../../../shared/chat/turn.ts';
import type { Conversation } from './conversationStore.ts';
import { repairTurns, turnFormat } from './conversationFormat.ts';

/** Identifies our files. */
const FORMAT = 'agentcore-workbench.conversation';

const exchanged = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  title: z.string(),
  agentName: z.string(),
  actorId: z.string().nullable(),
  sessionId: z.string(),
  createdAt: z.number(),
  turns: z.array(turnFormat),
});

/** An exported conversation. */
export interface ImportedConversation {
  readonly title: string;
  readonly createdAt: number;
  readonly turns: readonly Turn[];
}

/** Serializes a conversation for import. */
export function exportConversation({ head, turns }: Conversation): string {
  const { title, agentName, actorId, sessionId, createdAt } = head;
  const conversation = { title, agentName, actorId, sessionId, createdAt, turns };
  return `${JSON.stringify({ format: FORMAT, version: 1, ...conversation }, null, 2)}\n`;
}

/** Parses an exported conversation; throws with the field and the reason. */
export function importConversation(text: string): ImportedConversation {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`Not valid JSON: ${(error as Error).message}`, { cause: error });
  }
  const { data, error } = exchanged.safeParse(value);
  if (!data) {
    const [issue] = error.issues;
    const field = issue?.path.join('.') || 'the file';
    throw new Error(
      `${field}: ${issue?.message}. Import a conversation that was exported as JSON.`,
    );
  }
  return { title: data.title, createdAt: data.createdAt, turns: repairTurns(data.turns as Turn[]) };
}
