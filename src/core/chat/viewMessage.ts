import * as z from 'zod';
import type { ViewMessage } from '../../shared/chat/viewMessage.ts';
import { thumbnail } from './attachments/format.ts';
import { payloadTemplate } from './templates/templates.ts';
import { refuseActorId, refuseSessionId } from '../../shared/identity.ts';

function checked(refuse: (id: string) => string | null) {
  return z
    .string()
    .refine((id) => refuse(id) === null, { error: ({ input }) => refuse(input as string)! });
}
import { awsRequest } from '../targets/awsMessage.ts';

// A view is a web page: what comes from it is input.
const viewMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('showRaw'), turn: z.string() }),
  z.object({
    type: z.literal('send'),
    prompt: z.string().min(1),
    isPayload: z.exactOptional(z.literal(true)),
  }),
  z.object({ type: z.literal('stop'), turn: z.string() }),
  z.object({ type: z.literal('newConversation') }),
  z.object({
    type: z.literal('attach'),
    name: z.string().min(1).max(500),
    mediaType: z.string().max(200),
    data: z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/),
    thumbnail,
  }),
  z.object({ type: z.literal('attachSelection') }),
  z.object({ type: z.literal('detach'), attachment: z.string() }),
  z.object({ type: z.literal('cancelWork') }),
  z.object({
    type: z.literal('keepTemplate'),
    agent: z.string(),
    template: payloadTemplate.nullable(),
  }),
  z.object({ type: z.literal('newSession') }),
  z.object({
    type: z.literal('identify'),
    actorId: checked(refuseActorId).nullable(),
    sessionId: checked(refuseSessionId),
  }),
  z.object({ type: z.literal('openConversation'), conversation: z.string() }),
  z.object({ type: z.literal('rename'), conversation: z.string(), title: z.string() }),
  z.object({ type: z.literal('remove'), conversation: z.string() }),
  z.object({ type: z.literal('restore') }),
  z.object({ type: z.literal('export'), as: z.enum(['json', 'markdown']) }),
  z.object({ type: z.literal('import'), content: z.string() }),
  z.object({ type: z.literal('search'), words: z.string() }),
  z.object({
    type: z.literal('retry'),
    turn: z.string(),
    prompt: z.exactOptional(z.string().min(1)),
  }),
  z.object({ type: z.literal('fork'), turn: z.string() }),
  z.object({ type: z.literal('stopSession') }),
  z.object({ type: z.literal('dismissProblem') }),
  z.object({ type: z.literal('chooseAgent'), agent: z.string() }),
  z.object({ type: z.literal('insertCode'), text: z.string() }),
  z.object({ type: z.literal('openCode'), text: z.string(), language: z.string() }),
  z.object({ type: z.literal('listTools') }),
  z.object({ type: z.literal('token'), agent: z.string(), token: z.string().trim().nullable() }),
  z.object({ type: z.literal('aws'), request: awsRequest }),
  z.object({ type: z.literal('reconnect') }),
]) satisfies z.ZodType<ViewMessage>;

/** A view's message; throws, with what is wrong, when it is none of the protocol. */
export function parseViewMessage(message: unknown): ViewMessage {
  const { data, error } = viewMessage.safeParse(message);
  if (data) return data;
  const [issue] = error.issues;
  const field = issue?.path.join('.') || 'the message';
  throw new Error(
    `${JSON.stringify(message)} is no message of a chat view: ${field}: ${issue?.message}`,
  );
}
