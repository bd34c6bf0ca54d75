import { randomUUID } from 'node:crypto';
import type { Logger } from '../../emulator/log.ts';
import { connectLocalAgents, type LocalAgents } from '../aws/localAgents.ts';
import { openKept } from '../core/chat/conversations/kept.ts';
import { createChatHost, type ChatHost } from '../core/chat/host.ts';
import { connectionOf } from '../core/emulator/connection.ts';
import { addressIn, type EmulatorState } from '../core/emulator/emulatorState.ts';
import { codeEditor } from './codeEditor.ts';
import type { EmulatorProcess } from './emulatorProcess.ts';

/** What the extension's chat is made with. */
export interface EmulatorChatOptions {
  readonly emulator: Pick<EmulatorProcess, 'state' | 'onChange'>;
  /** Starts the emulator again. */
  readonly reconnect: () => void;
  /** Where conversations are kept; null where nothing is. */
  readonly folder: string | null;
  readonly logger: Logger;
}

/** A conversation with the agents of an emulator that comes and goes. */
export async function createEmulatorChat({
  emulator,
  reconnect,
  folder,
  logger,
}: EmulatorChatOptions): Promise<ChatHost> {
  const kept = await openKept({ path: folder, logger });
  let local: LocalAgents | null = null;
  let problem: string | null = null;
  // Those that were there last: while the emulator is away, the conversation stays with its agent.
  let agents: LocalAgents['agents'] = [];
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };

  async function follow(state: EmulatorState): Promise<void> {
    local?.destroy();
    local = null;
    problem = null;
    tell();
    const url = addressIn(state);
    if (url === null) return;
    try {
      const connected = await connectLocalAgents(url);
      if (emulator.state() !== state) return connected.destroy();
      local = connected;
      ({ agents } = connected);
    } catch (error) {
      // It has gone meanwhile, which its own state tells.
      if (emulator.state() !== state) return;
      problem = `It cannot be asked for its agents: ${(error as Error).message}`;
      logger.warn(problem);
    }
    tell();
  }

  const unfollow = emulator.onChange((state) => void follow(state));
  const host = createChatHost({
    ...kept,
    source: {
      now() {
        const connection = connectionOf(emulator.state());
        if (connection.state !== 'ready' || local !== null) return { connection, agents };
        if (problem !== null) return { connection: { state: 'gone', why: problem }, agents };
        return { connection: { state: 'starting' }, agents };
      },
      onChange(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      reconnect() {
        if (problem === null) reconnect();
        else void follow(emulator.state());
      },
    },
    async invoke(prompt, signal) {
      if (local === null) throw new Error('the local AgentCore is not running');
      return local.invoke(prompt, signal);
    },
    now: Date.now,
    sessions: {
      follow: (session, onReading) => local?.sessions.follow(session, onReading) ?? (() => {}),
      async stop(session) {
        if (local === null) throw new Error('the local AgentCore is not running');
        await local.sessions.stop(session);
      },
    },
    editor: codeEditor,
    newId: randomUUID,
  });
  void follow(emulator.state());

  return {
    ...host,
    async dispose() {
      unfollow();
      await host.dispose();
      local?.destroy();
    },
  };
}
