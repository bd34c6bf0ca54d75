import type { ChatState } from '../../src/shared/chat/state.ts';
import { fillTemplate, type PayloadTemplate } from '../../src/shared/payloadTemplate.ts';

/** Builds the payload of a message without attachments, for the user to edit. */
export function buildPayload(
  { message }: PayloadTemplate,
  { sessionId, actorId }: Pick<ChatState, 'sessionId' | 'actorId'>,
  input: string,
): string {
  return fillTemplate(message, { input: input.trim(), sessionId, actorId, images: [], files: [] });
}
