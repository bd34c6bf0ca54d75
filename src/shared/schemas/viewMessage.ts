import * as z from 'zod';
import { validateActorId, validateSessionId } from '../identity.ts';
import { validateModel } from '../modelOptions.ts';
import { thumbnail } from './attachment.ts';
import { payloadTemplate } from './payloadTemplate.ts';
import { awsRegion, awsTarget, runtimeArn } from './target.ts';

// Messages of a view to its host. A view is a web page, so its messages are untrusted input.

/** The view is ready; nothing is posted to it before. */
export const ready = z.object({ type: z.literal('ready') });

/** The user dismissed the problem. */
export const dismissProblem = z.object({ type: z.literal('dismissProblem') });

/** Sends a prompt, or a payload as it is. */
export const send = z.object({
  type: z.literal('send'),
  prompt: z.string().min(1),
  isPayload: z.exactOptional(z.literal(true)),
});

/** Sends a prompt again, possibly edited. */
const retry = z.object({
  type: z.literal('retry'),
  turn: z.string(),
  prompt: z.exactOptional(z.string().min(1)),
});

/** Sends the agent's cancel payload to the running turn's session. */
export const cancelWork = z.object({ type: z.literal('cancelWork') });

/** Requests about turns that send nothing anew. */
export const turnControl = z.discriminatedUnion('type', [
  /** Completes a turn that reads a web socket. */
  z.object({ type: z.literal('settle'), turn: z.string() }),
  /** Closes the web socket to the agent. */
  z.object({ type: z.literal('closeSocket') }),
  /** Cancels a turn. */
  z.object({ type: z.literal('stop'), turn: z.string() }),
  cancelWork,
  /** Requests the raw answer of a turn. */
  z.object({ type: z.literal('showRaw'), turn: z.string() }),
]);

/** Requests about turns. */
const turnRequest = z.discriminatedUnion('type', [send, retry, turnControl]);
export type TurnRequest = z.infer<typeof turnRequest>;

/** Requests about the attachments of the next prompt. */
export const attachmentRequest = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('attach'),
    name: z.string().min(1).max(500),
    mediaType: z.string().max(200),
    /** Base64. */
    data: z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/),
    thumbnail,
  }),
  /** Attaches the lines that are selected in the editor. */
  z.object({ type: z.literal('attachSelection') }),
  z.object({ type: z.literal('detach'), attachment: z.string() }),
]);
export type AttachmentRequest = z.infer<typeof attachmentRequest>;

/** Requests about conversations. */
const conversationRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('newConversation') }),
  z.object({ type: z.literal('openConversation'), conversation: z.string() }),
  z.object({ type: z.literal('rename'), conversation: z.string(), title: z.string() }),
  z.object({ type: z.literal('remove'), conversation: z.string() }),
  /** Restores the conversation that was removed last. */
  z.object({ type: z.literal('restore') }),
  /** Starts a conversation with copies of the turns up to this one. */
  z.object({ type: z.literal('fork'), turn: z.string() }),
  /** Requests the open conversation as a file. */
  z.object({ type: z.literal('export'), as: z.enum(['json', 'markdown']) }),
  /** Opens the conversation in a file. */
  z.object({ type: z.literal('import'), content: z.string() }),
  /** Searches all conversations. */
  z.object({ type: z.literal('search'), words: z.string() }),
]);
export type ConversationRequest = z.infer<typeof conversationRequest>;

function validated(explain: (id: string) => string | null) {
  return z
    .string()
    .refine((id) => explain(id) === null, { error: ({ input }) => explain(input as string)! });
}

/** Requests about the conversation's session. */
export const sessionRequest = z.discriminatedUnion('type', [
  /** Continues in a new session. */
  z.object({ type: z.literal('newSession') }),
  /** Continues in this session, for this actor. */
  z.object({
    type: z.literal('identify'),
    actorId: validated(validateActorId).nullable(),
    sessionId: validated(validateSessionId),
  }),
  /** Terminates the session. */
  z.object({ type: z.literal('stopSession') }),
  /** Opens the page at a port of the session's machine beside the chat. */
  z.object({ type: z.literal('openPreview'), port: z.int().min(1).max(65_535) }),
  /** Requests the model backend of the session, and those that can be chosen. */
  z.object({ type: z.literal('showModels') }),
  /** Chooses the model backend of the session; null for the agent's. */
  z.object({
    type: z.literal('chooseModel'),
    model: z
      .string()
      .refine((model) => validateModel(model) === null, {
        error: ({ input }) => validateModel(input as string)!,
      })
      .nullable(),
  }),
  /** Requests the logs and timelines of the session's runs. */
  z.object({ type: z.literal('showMachines') }),
]);
export type SessionRequest = z.infer<typeof sessionRequest>;

const profile = z.string();

/** A request about agents in AWS. */
const awsRequest = z.discriminatedUnion('type', [
  /** Reads the profiles of this machine. */
  z.object({ type: z.literal('readAccount'), profile: profile.optional() }),
  z.object({ type: z.literal('listRuntimes'), profile, region: awsRegion }),
  z.object({ type: z.literal('lookUp'), profile, arn: runtimeArn }),
  z.object({ type: z.literal('addTarget'), target: awsTarget }),
  z.object({ type: z.literal('removeTarget'), agent: z.string() }),
]);
export type AwsRequest = z.infer<typeof awsRequest>;

/** Starts a conversation with another agent. */
const chooseAgent = z.object({ type: z.literal('chooseAgent'), agent: z.string() });

/** Requests about agents, for the conversation that is open. */
export const agentControl = z.discriminatedUnion('type', [
  /** Lists the tools of the agent, in the conversation's session. */
  z.object({ type: z.literal('listTools') }),
  /** Answers a token request; null to send no token. */
  z.object({ type: z.literal('token'), agent: z.string(), token: z.string().trim().nullable() }),
  /** Reads AWS, or changes the list of targets there. */
  z.object({ type: z.literal('aws'), request: awsRequest }),
  /** Starts the emulator again. */
  z.object({ type: z.literal('reconnect') }),
]);

/** Requests about agents. */
const agentRequest = z.discriminatedUnion('type', [chooseAgent, agentControl]);
export type ChatAgentRequest = z.infer<typeof agentRequest>;

/** Stores the payload template of an agent. */
const templateRequest = z.object({
  type: z.literal('saveTemplate'),
  agent: z.string(),
  /** Null for the default. */
  template: payloadTemplate.nullable(),
});
export type TemplateRequest = z.infer<typeof templateRequest>;

/** Requests about the code in an answer. */
export const codeRequest = z.discriminatedUnion('type', [
  /** Inserts code at the editor's cursor. */
  z.object({ type: z.literal('insertCode'), text: z.string() }),
  /** Opens code in a new editor; the language is the one that the answer names, if any. */
  z.object({ type: z.literal('openCode'), text: z.string(), language: z.string() }),
]);
export type CodeRequest = z.infer<typeof codeRequest>;

/** A message of a view to its host. */
export const viewMessage = z.discriminatedUnion('type', [
  ready,
  dismissProblem,
  turnRequest,
  attachmentRequest,
  conversationRequest,
  sessionRequest,
  agentRequest,
  templateRequest,
  codeRequest,
]);
export type ViewMessage = z.infer<typeof viewMessage>;
