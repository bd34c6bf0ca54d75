import * as z from 'zod';
import type { FileContent } from '../../../shared/attachment.ts';
import type { CreateProtocolClient, UserMessage } from '../../agents/protocolClient.ts';

// Of a card what says how its agent wants to be talked to. Up to 0.3 the version stood at its top.
const agentCard = z.object({
  protocolVersion: z.string().optional(),
  supportedInterfaces: z
    .array(z.object({ protocolBinding: z.string(), protocolVersion: z.string().optional() }))
    .optional(),
  capabilities: z.object({ streaming: z.boolean().optional() }).optional(),
});

/** How an agent wants to be talked to. */
interface Manner {
  readonly version: '0.3' | '1.0';
  readonly streams: boolean;
}

/** Agent2Agent: JSON-RPC in the words of the version that the agent's card names. */
export const a2a: CreateProtocolClient = ({ invoke, agentCard: askForCard }) => {
  // Another session may be of another version of the agent.
  let known: { readonly sessionId: string; readonly manner: Manner } | null = null;

  async function mannerIn(sessionId: string, signal: AbortSignal): Promise<Manner> {
    if (known?.sessionId !== sessionId) {
      known = { sessionId, manner: readCard(await askForCard(sessionId, signal)) };
    }
    return known.manner;
  }

  return {
    async send(question, signal) {
      const { sessionId } = question;
      const manner = await mannerIn(sessionId, signal);
      return invoke(
        {
          sessionId,
          payload: JSON.stringify({ jsonrpc: '2.0', id: question.turn, ...call(question, manner) }),
          onSent: question.onSent,
          headers: manner.version === '1.0' ? { 'a2a-version': '1.0' } : {},
        },
        signal,
      );
    },
  };
};

function readCard(card: unknown): Manner {
  const { data, error } = agentCard.safeParse(card);
  if (!data) {
    const [issue] = error.issues;
    throw new Error(
      `The agent's card cannot be read: ${issue?.path.join('.')}: ${issue?.message}. A2A wants it at /.well-known/agent-card.json.`,
    );
  }
  const { supportedInterfaces = [], capabilities } = data;
  const isNew = supportedInterfaces.some(
    ({ protocolBinding, protocolVersion = '1.0' }) =>
      protocolBinding.toUpperCase() === 'JSONRPC' && protocolVersion.startsWith('1.'),
  );
  return { version: isNew ? '1.0' : '0.3', streams: capabilities?.streaming === true };
}

// The session is the conversation's context; a server that keeps tasks groups them by it.
function call(
  { sessionId, turn, text, files, waitingTask }: UserMessage,
  { version, streams }: Manner,
): object {
  const message = {
    messageId: turn,
    contextId: waitingTask?.contextId ?? sessionId,
    ...(waitingTask && { taskId: waitingTask.id }),
  };
  return version === '1.0'
    ? {
        method: streams ? 'SendStreamingMessage' : 'SendMessage',
        params: {
          message: { ...message, role: 'ROLE_USER', parts: [{ text }, ...files.map(newPart)] },
        },
      }
    : {
        method: streams ? 'message/stream' : 'message/send',
        params: {
          message: {
            ...message,
            kind: 'message',
            role: 'user',
            parts: [{ kind: 'text', text }, ...files.map(oldPart)],
          },
        },
      };
}

function newPart({ name, mediaType, data }: FileContent): object {
  return { raw: data, filename: name, mediaType };
}

function oldPart({ name, mediaType, data }: FileContent): object {
  return { kind: 'file', file: { name, mimeType: mediaType, bytes: data } };
}
