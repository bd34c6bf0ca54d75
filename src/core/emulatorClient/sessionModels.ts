import type { SessionModels } from '../../shared/chat/sessionModels.ts';
import type { AdminClient } from './adminClient.ts';
import type { SessionKey } from './sessionKey.ts';

/** Reads the model backend of a session, and the models of a running Ollama. */
export async function readSessionModels(
  client: AdminClient,
  { runtimeId, sessionId }: SessionKey,
): Promise<SessionModels> {
  const [choices, agents, ollama] = await Promise.all([
    client.models(),
    client.agents(),
    client.ollamaModels(),
  ]);
  const agent = agents.find((one) => one.runtimeId === runtimeId)?.name ?? '';
  const own = choices.sessions.find(
    (one) => one.runtimeId === runtimeId && one.sessionId === sessionId,
  );
  return {
    own: own?.model ?? null,
    inherited: choices.agents[agent] ?? choices.default,
    ollama,
  };
}
