import type { Logger } from '../../log.ts';
import type { ProjectAgentSource } from '../../agentSource.ts';
import type { AgentRuntime } from './agents.ts';
import type { Instance } from './instance.ts';
import type { InstancePool } from './instancePool.ts';
import type { RuntimeSessions } from './runtimeSessions.ts';
import type { CodeListener, CodeWatch } from './codeWatch.ts';

/** Reloads agents whose code changes. */
export interface Reload {
  /** Detects changes of the agent's code from now on. Reports begin when the instance is ready. */
  startWatching(agent: AgentRuntime, instance: Pick<Instance, 'ready'>): void;
  stopWatching(agent: AgentRuntime): void;
  close(): Promise<void>;
}

/** Creates a reload that starts changed code once before any session uses it. */
export function createReload({
  sessions,
  instances,
  shouldProbe,
  watch,
  logger,
}: {
  readonly sessions: Pick<RuntimeSessions, 'listRunning'>;
  readonly instances: Pick<InstancePool, 'invalidate' | 'probe'>;
  /** True if changed code is started at once, without a request of a session. */
  readonly shouldProbe: (agent: AgentRuntime) => boolean;
  readonly watch: (
    source: ProjectAgentSource,
    listener: CodeListener,
    idle: Promise<unknown>,
  ) => CodeWatch;
  readonly logger: Logger;
}): Reload {
  const watches = new Map<AgentRuntime, CodeWatch>();
  /** The first changed file of each agent whose code does not start. */
  const broken = new Map<AgentRuntime, string>();

  async function change(agent: AgentRuntime, file: string): Promise<void> {
    const { name } = agent.source;
    logger.info(`${name}: ${file} changed`);
    if (!shouldProbe(agent)) return void broken.delete(agent);
    const probe = await instances.probe(agent);
    if (probe.outcome === 'changed-again') return;
    if (probe.outcome === 'starts') {
      logger.info(`${name}: The changed code starts. Idle sessions restart with it.`);
      if (broken.delete(agent)) record(agent, file, null);
      return;
    }
    logger.error(
      `${name}: The changed code does not start. Running sessions keep the old code. New sessions fail until you fix it. ${probe.reason}`,
    );
    // Later changes may be in other files. The first changed file is the likely cause.
    const firstFile = broken.get(agent) ?? file;
    broken.set(agent, firstFile);
    record(agent, firstFile, probe.reason);
  }

  function record(agent: AgentRuntime, file: string, problem: string | null): void {
    for (const session of sessions.listRunning(agent))
      session.record({ type: 'code', file, problem });
  }

  return {
    startWatching(agent, { ready }) {
      const { source } = agent;
      if (source.kind !== 'project' || watches.has(agent)) return;
      const listener: CodeListener = {
        onFileEvent: () => instances.invalidate(agent),
        onChange(file) {
          change(agent, file).catch((error: Error) =>
            logger.error(`${agent.source.name}: Could not reload the changed code: ${error.stack}`),
          );
        },
      };
      watches.set(agent, watch(source, listener, ready));
    },
    stopWatching(agent) {
      watches
        .get(agent)
        ?.close()
        .catch((error: Error) =>
          logger.warn(`${agent.source.name}: Could not stop watching the code: ${error.message}`),
        );
      watches.delete(agent);
      broken.delete(agent);
    },
    async close() {
      await Promise.all([...watches.values()].map((each) => each.close()));
    },
  };
}
