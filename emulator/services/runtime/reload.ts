import type { Logger } from '../../log.ts';
import type { AgentRuntime } from './agents.ts';
import type { Instance } from './instance.ts';
import type { InstancePool } from './instancePool.ts';
import type { RuntimeSessions } from './runtimeSessions.ts';
import type { CodeListener, CodeWatch } from './codeWatch.ts';

/** Sees to it that changed code is run. */
export interface Reload {
  /** Changes of this agent's code from now on are seen, if not before its instance is ready. */
  startWatching(agent: AgentRuntime, instance: Pick<Instance, 'ready'>): void;
  /** Its code is run no more. */
  stopWatching(agent: AgentRuntime): void;
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
  readonly sessions: Pick<RuntimeSessions, 'listRunning'>;
  readonly instances: Pick<InstancePool, 'invalidate' | 'probe'>;
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
  /** Where the code was changed that does not start, until it does. */
  const broken = new Map<AgentRuntime, string>();

  async function change(agent: AgentRuntime, file: string): Promise<void> {
    const { name } = agent.source;
    logger.info(`${name}: ${file} changed`);
    if (!isWanted(agent)) return void broken.delete(agent);
    const proof = await instances.probe(agent);
    if (proof.outcome === 'changed-again') return;
    if (proof.outcome === 'starts') {
      logger.info(`${name}: the changed code starts; idle sessions begin anew with it`);
      if (broken.delete(agent)) tell(agent, file, null);
      return;
    }
    logger.error(
      `${name}: the changed code does not start. Sessions that live go on with the old one; a new one will not start until it is mended. ${proof.why}`,
    );
    // What is changed after it may be another file: the first is where it began.
    const where = broken.get(agent) ?? file;
    broken.set(agent, where);
    tell(agent, where, proof.why);
  }

  function tell(agent: AgentRuntime, file: string, problem: string | null): void {
    for (const session of sessions.listRunning(agent))
      session.record({ type: 'code', file, problem });
  }

  return {
    startWatching(agent, { ready }) {
      if (agent.source.deployed || watches.has(agent)) return;
      const listener: CodeListener = {
        onFileEvent: () => instances.invalidate(agent),
        onChange(file) {
          change(agent, file).catch((error: Error) =>
            logger.error(`${agent.source.name}: could not reload changed code: ${error.stack}`),
          );
        },
      };
      watches.set(agent, watch(agent, listener, ready));
    },
    stopWatching(agent) {
      watches
        .get(agent)
        ?.close()
        .catch((error: Error) =>
          logger.warn(`${agent.source.name}: its code is still watched: ${error.message}`),
        );
      watches.delete(agent);
      broken.delete(agent);
    },
    async close() {
      await Promise.all([...watches.values()].map((each) => each.close()));
    },
  };
}
