import * as z from 'zod';
import type { ViewMessage } from '../../shared/chat/viewMessage.ts';
import { attachmentRequest } from './attachments/attachmentRequests.ts';
import { codeRequest } from './code/codeRequests.ts';
import { conversationRequest } from './conversations/conversationRequests.ts';
import { sessionRequest } from './session/sessionRequests.ts';
import { sourceRequest } from './agents/agentRequests.ts';
import { templateRequest } from './templates/templateRequests.ts';
import { turnRequest } from './turns/turnRequests.ts';

// A view is a web page, so its messages are untrusted input.
const viewMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('dismissProblem') }),
  turnRequest,
  attachmentRequest,
  conversationRequest,
  sessionRequest,
  sourceRequest,
  templateRequest,
  codeRequest,
]) satisfies z.ZodType<ViewMessage>;

/** Parses a view's message; throws if it is not part of the chat protocol. */
export function parseViewMessage(message: unknown): ViewMessage {
  const { data, error } = viewMessage.safeParse(message);
  if (data) return data;
  const [issue] = error.issues;
  const field = issue?.path.join('.') || 'message';
  // Values are omitted, since they may be tokens or as long as a file.
  throw new Error(`Invalid chat message ${typeOf(message)}: ${field}: ${issue?.message}`);
}

function typeOf(message: unknown): string {
  const { type } = (message ?? {}) as { readonly type?: unknown };
  return typeof type === 'string' ? `'${type.slice(0, 40)}'` : 'without a type';
}
