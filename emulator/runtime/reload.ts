import type { Logger } from '../log.ts';
import type { AgentRuntime } from './agents.ts';
import type { Instance } from './instance.ts';
import type { Instances } from './instances.ts';
import type { Sessions } from './sessions.ts';
import type { CodeListener, CodeWatch } from './codeWatch.ts';

/** Sees to it that changed code is run. */
export interface Reload {
  /** Changes of this agent's code from now on are seen, if not before its instance is ready. */
  follow(agent: AgentRuntime, instance: Pick<Instance, 'ready'>): void;
  /** Its code is run no more. */
  unfollow(agent: AgentRuntime): void;
  close(): Promise<void>;
}

/** Proves changed code by starting it, before any session is led to it. */
export function createReload({
  sessions,
  instances,
  isWanted,
  watch,
  logger,
}: {
  readonly sessions: Pick<Sessions, 'live'>;
  readonly instances: Pick<Instances, 'outdate' | 'prove'>;
  /** Whether changed code is started although no session asks for it. */
  readonly isWanted: (agent: AgentRuntime) => boolean;
  readonly watch: (
    agent: AgentRuntime,
    listener: CodeListener,
    idle: Promise<unknown>,
  ) => CodeWatch;
  readonly logger: Logger;
}): Reload {
  const watches = new Map<AgentRuntime, CodeWatch>();

  async function change(agent: AgentRuntime, file: string): Promise<void> {
    const { name } = agent.source;
    logger.info(`${name}: ${file} changed`);
    if (!isWanted(agent)) return;
    const failure = await instances.prove(agent);
    if (failure === null) {
      return logger.info(`${name}: the changed code starts; idle sessions begin anew with it`);
    }
    const message = `the changed code does not start. Sessions that live go on with the old one; a new one will not start until it is mended. ${failure}`;
    logger.error(`${name}: ${message}`);
    for (const session of sessions.live(agent)) session.record({ type: 'note', message });
  }

  return {
    follow(agent, { ready }) {
      if (agent.source.deployed || watches.has(agent)) return;
      const listener: CodeListener = {
        touched: () => instances.outdate(agent),
        changed: (file) => void change(agent, file),
      };
      watches.set(agent, watch(agent, listener, ready));
    },
    unfollow(agent) {
      void watches.get(agent)?.close();
      watches.delete(agent);
    },
    async close() {
      await Promise.all([...watches.values()].map((each) => each.close()));
    },
  };
}
