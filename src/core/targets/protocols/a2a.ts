import * as z from 'zod';
import type { FileContent } from '../../../shared/attachment.ts';
import type { CreateProtocolClient, UserMessage } from '../../agents/protocolClient.ts';

// The fields that decide how to call the agent. Cards up to version 0.3 have the version at the top.
const agentCard = z.object({
  protocolVersion: z.string().optional(),
  supportedInterfaces: z
    .array(z.object({ protocolBinding: z.string(), protocolVersion: z.string().optional() }))
    .optional(),
  capabilities: z.object({ streaming: z.boolean().optional() }).optional(),
});

/** Version and streaming of an agent, from its card. */
interface Dialect {
  readonly version: '0.3' | '1.0';
  readonly streams: boolean;
}

/** Agent2Agent: JSON-RPC in the version that the agent's card names. */
export const a2a: CreateProtocolClient = ({ invoke, agentCard: askForCard }) => {
  // Another session may run another version of the agent.
  let known: { readonly sessionId: string; readonly dialect: Dialect } | null = null;

  async function dialectOf(sessionId: string, signal: AbortSignal): Promise<Dialect> {
    if (known?.sessionId !== sessionId) {
      known = { sessionId, dialect: readCard(await askForCard(sessionId, signal)) };
    }
    return known.dialect;
  }

  return {
    async send(message, signal) {
      const { sessionId } = message;
      const dialect = await dialectOf(sessionId, signal);
      return invoke(
        {
          sessionId,
          payload: JSON.stringify({ jsonrpc: '2.0', id: message.turn, ...call(message, dialect) }),
          onSent: message.onSent,
          headers: dialect.version === '1.0' ? { 'a2a-version': '1.0' } : {},
        },
        signal,
      );
    },
  };
};

function readCard(card: unknown): Dialect {
  const { data, error } = agentCard.safeParse(card);
  if (!data) {
    const [issue] = error.issues;
    throw new Error(
      `The agent card cannot be read: ${issue?.path.join('.')}: ${issue?.message}. A2A expects it at /.well-known/agent-card.json.`,
    );
  }
  const { supportedInterfaces = [], capabilities } = data;
  const isNew = supportedInterfaces.some(
    ({ protocolBinding, protocolVersion = '1.0' }) =>
      protocolBinding.toUpperCase() === 'JSONRPC' && protocolVersion.startsWith('1.'),
  );
  return { version: isNew ? '1.0' : '0.3', streams: capabilities?.streaming === true };
}

// The session is the context by which a server groups its tasks.
function call(
  { sessionId, turn, text, files, waitingTask }: UserMessage,
  { version, streams }: Dialect,
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
