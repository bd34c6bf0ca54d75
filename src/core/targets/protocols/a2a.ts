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
interface CardSettings {
  readonly version: '0.3' | '1.0';
  readonly streams: boolean;
}

/** Agent2Agent: JSON-RPC in the version that the agent's card names. */
export const a2a: CreateProtocolClient = ({ invoke, agentCard: readAgentCard }) => {
  // Another session may run another version of the agent.
  let settings: CardSettings | null = null;

  return {
    async send(message, signal) {
      const { sessionId } = message;
      settings ??= readCard(await readAgentCard(sessionId, signal));
      return invoke(
        {
          sessionId,
          payload: JSON.stringify({ jsonrpc: '2.0', id: message.turn, ...call(message, settings) }),
          onSent: message.onSent,
          headers: settings.version === '1.0' ? { 'a2a-version': '1.0' } : {},
        },
        signal,
      );
    },
  };
};

function readCard(card: unknown): CardSettings {
  const { data, error } = agentCard.safeParse(card);
  if (!data) {
    const [issue] = error.issues;
    throw new Error(
      `The agent card cannot be read: ${issue?.path.join('.')}: ${issue?.message}. A2A expects it at /.well-known/agent-card.json.`,
    );
  }
  const { supportedInterfaces = [], capabilities } = data;
  const isVersion1 = supportedInterfaces.some(
    ({ protocolBinding, protocolVersion = '1.0' }) =>
      protocolBinding.toUpperCase() === 'JSONRPC' && protocolVersion.startsWith('1.'),
  );
  return { version: isVersion1 ? '1.0' : '0.3', streams: capabilities?.streaming === true };
}

// The session is the context by which a server groups its tasks.
function call(
  { sessionId, turn, text, files, waitingTask }: UserMessage,
  { version, streams }: CardSettings,
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
          message: { ...message, role: 'ROLE_USER', parts: [{ text }, ...files.map(partV1)] },
        },
      }
    : {
        method: streams ? 'message/stream' : 'message/send',
        params: {
          message: {
            ...message,
            kind: 'message',
            role: 'user',
            parts: [{ kind: 'text', text }, ...files.map(partV03)],
          },
        },
      };
}

function partV1({ name, mediaType, data }: FileContent): object {
  return { raw: data, filename: name, mediaType };
}

function partV03({ name, mediaType, data }: FileContent): object {
  return { kind: 'file', file: { name, mimeType: mediaType, bytes: data } };
}
