import type { Logger } from '../../log.ts';
import type { AgentRuntime } from './agents.ts';
import type { CodeWatches } from './codeWatches.ts';
import type { InstancePool } from './instancePool.ts';
import type { RuntimeSessions } from './runtimeSessions.ts';

/** Reloads agents whose code changes. Changed code starts once before any session uses it. */
export function reloadChangedCode({
  codeWatches,
  sessions,
  instances,
  shouldProbe,
  logger,
}: {
  readonly codeWatches: Pick<CodeWatches, 'subscribe'>;
  readonly sessions: Pick<RuntimeSessions, 'listRunning'>;
  readonly instances: Pick<InstancePool, 'invalidate' | 'probe'>;
  /** True if changed code is started at once, without a request of a session. */
  readonly shouldProbe: (agent: AgentRuntime) => boolean;
  readonly logger: Logger;
}): void {
  /** The first changed file of each agent whose code does not start. */
  const broken = new WeakMap<AgentRuntime, string>();

  codeWatches.subscribe({
    onFileEvent: instances.invalidate,
    onChange(agent, file) {
      change(agent, file).catch((error: Error) =>
        logger.error(`${agent.source.name}: Could not reload the changed code: ${error.stack}`),
      );
    },
  });

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
}
