import { randomUUID } from 'node:crypto';
import type { Logger } from '../../emulator/index.ts';
import { createAws } from '../aws/aws.ts';
import { connectLocalAgents, type LocalAgents } from '../aws/localAgents.ts';
import type { CodeEditor } from '../core/chat/code/codeEditor.ts';
import { openChatStorage } from '../core/chat/conversations/chatStorage.ts';
import { createChats, type Chats } from '../core/comparison/chats.ts';
import { connectionOf } from '../core/emulator/connection.ts';
import { addressIn, type EmulatorState } from '../core/emulator/emulatorState.ts';
import { createEmitter } from '../core/emitter.ts';
import { createTokens } from '../core/targets/tokens.ts';
import { createTargets, type Agents } from '../core/targets/targets.ts';
import type { EmulatorProcess } from './emulatorProcess.ts';
import { targetsIn, tokensIn } from './remembered.ts';

/** What the extension's chat is made with. */
export interface EmulatorChatsOptions {
  readonly emulator: Pick<EmulatorProcess, 'state' | 'onChange'>;
  /** Starts the emulator again. */
  readonly reconnect: () => void;
  /** Where code of an answer goes. */
  readonly editor: CodeEditor;
  /** Where conversations are kept; null where nothing is. */
  readonly folder: string | null;
  /** Where the targets in AWS are kept that the user has named, and the tokens for agents that take them. */
  readonly memory: Parameters<typeof targetsIn>[0];
  readonly secrets: Parameters<typeof tokensIn>[0];
  readonly logger: Logger;
}

/** The chat with the agents of an emulator that comes and goes, and the comparison of them. */
export async function createEmulatorChats({
  emulator,
  reconnect,
  editor,
  folder,
  memory,
  secrets,
  logger,
}: EmulatorChatsOptions): Promise<Chats> {
  const kept = await openChatStorage({ path: folder, logger });
  const tokens = createTokens(tokensIn(secrets, folder ?? ''), Date.now);
  let local: LocalAgents | null = null;
  let problem: string | null = null;
  // Those that were there last: while the emulator is away, the conversation stays with its agent.
  let agents: ReturnType<LocalAgents['agents']> = [];
  const followers = createEmitter();

  async function follow(state: EmulatorState): Promise<void> {
    local?.destroy();
    local = null;
    problem = null;
    followers.emit();
    const url = addressIn(state);
    if (url === null) return;
    try {
      const connected = await connectLocalAgents(url, { bearer: tokens.bearer });
      if (emulator.state() !== state) return connected.destroy();
      local = connected;
      agents = connected.agents();
      connected.onChange(() => {
        agents = connected.agents();
        followers.emit();
      });
    } catch (error) {
      // It has gone meanwhile, which its own state tells.
      if (emulator.state() !== state) return;
      problem = `It cannot be asked for its agents: ${(error as Error).message}`;
      logger.warn(problem);
    }
    followers.emit();
  }

  const unfollow = emulator.onChange((state) => void follow(state));
  const here: Agents = {
    source: {
      now() {
        const connection = connectionOf(emulator.state());
        if (connection.state !== 'ready' || local !== null) return { connection, agents };
        if (problem !== null) return { connection: { state: 'gone', why: problem }, agents };
        return { connection: { state: 'starting' }, agents };
      },
      onChange: followers.subscribe,
      look: async () => local?.look(),
      reconnect() {
        if (problem === null) reconnect();
        else void follow(emulator.state());
      },
    },
    async invoke(prompt, signal) {
      if (local === null) throw new Error('the local AgentCore is not running');
      return local.invoke(prompt, signal);
    },
    async tools(place, signal) {
      if (local === null) throw new Error('the local AgentCore is not running');
      return local.tools(place, signal);
    },
    sessions: {
      follow: (session, onReading, own) =>
        local?.sessions.follow(session, onReading, own) ?? (() => {}),
      machines: async (session) => (await local?.sessions.machines?.(session)) ?? null,
      async stop(session) {
        if (local === null) throw new Error('the local AgentCore is not running');
        await local.sessions.stop(session);
      },
    },
  };
  const targets = createTargets({
    local: here,
    aws: createAws(process.env, tokens.bearer),
    memory: targetsIn(memory),
    now: Date.now,
  });
  const chats = createChats({
    agents: targets,
    tokens,
    kept,
    now: Date.now,
    logger,
    editor,
    newId: randomUUID,
  });
  void follow(emulator.state());

  return {
    ...chats,
    async dispose() {
      unfollow();
      await chats.dispose();
      targets.dispose();
      local?.destroy();
    },
  };
}
