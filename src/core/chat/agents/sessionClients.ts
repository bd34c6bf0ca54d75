import type { CallOptions, ProtocolClient } from '../../agents/protocolClient.ts';
import type { AgentSession } from '../../agents/session.ts';
import type { TargetConnection } from '../../agents/targetConnection.ts';

/** The client of a session, and what it was created for. */
interface SessionClient extends CallOptions {
  readonly client: ProtocolClient;
}

/** Options of a client, and the session that it talks to. */
type SessionCall = CallOptions & Pick<AgentSession, 'sessionId'>;

/**
 * The clients of one chat, one per session. Chats share none, because a WebSocket has one listener.
 * What was negotiated for one actor must not serve another, so a client for other options replaces
 * the session's client.
 */
export function createSessionClients(): (
  connection: TargetConnection,
  call: SessionCall,
) => ProtocolClient {
  const clients = new WeakMap<TargetConnection, Map<string, SessionClient>>();
  return (connection, { sessionId, actorId, transport }) => {
    const sessions = clients.get(connection) ?? new Map<string, SessionClient>();
    clients.set(connection, sessions);
    const current = sessions.get(sessionId);
    if (current?.actorId === actorId && current.transport === transport) return current.client;
    current?.client.close?.();
    const client = connection.createClient({ actorId, transport });
    sessions.set(sessionId, { actorId, transport, client });
    return client;
  };
}
