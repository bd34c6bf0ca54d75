import * as z from 'zod';
import type { ViewMessage } from '../../shared/chat/viewMessage.ts';
import { attachmentRequest } from './attachments/attachmentRequests.ts';
import { codeRequest } from './code/codeRequests.ts';
import { conversationRequest } from './conversations/conversationRequests.ts';
import { sessionRequest } from './session/sessionRequests.ts';
import { sourceRequest } from './agents/agentRequests.ts';
import { templateRequest } from './templates/templateRequests.ts';
import { turnRequest } from './turns/turnRequests.ts';

// A view is a web page: what comes from it is input.
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

/** A view's message; throws, with what is wrong, when it is none of the protocol. */
export function parseViewMessage(message: unknown): ViewMessage {
  const { data, error } = viewMessage.safeParse(message);
  if (data) return data;
  const [issue] = error.issues;
  const field = issue?.path.join('.') || 'the message';
  // Nothing of what it holds: that may be a token, or as long as a file.
  throw new Error(`${typeOf(message)} is no message of a chat view: ${field}: ${issue?.message}`);
}

function typeOf(message: unknown): string {
  const { type } = (message ?? {}) as { readonly type?: unknown };
  return typeof type === 'string' ? `'${type.slice(0, 40)}'` : 'What has no type';
}
