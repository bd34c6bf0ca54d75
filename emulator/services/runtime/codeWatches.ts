import type { Clock } from '../../clock.ts';
import type { Logger } from '../../log.ts';
import type { AgentRuntime } from './agents.ts';
import { watchCode, type CodeWatch } from './codeWatch.ts';
import type { Instance } from './instance.ts';

/** Receives the changes of all agents' code. */
export interface CodeChangeListener {
  /** Called at once for each change. */
  onFileEvent(agent: AgentRuntime): void;
  /** Called once for a group of changes, with the first changed file. */
  onChange(agent: AgentRuntime, file: string): void;
}

/** Watches the code of the agents of projects. */
export interface CodeWatches {
  /** Detects changes of the agent's code from now on. Reports begin when the instance is ready. */
  start(agent: AgentRuntime, instance: Pick<Instance, 'ready'>): void;
  stop(agent: AgentRuntime): void;
  subscribe(listener: CodeChangeListener): void;
  close(): Promise<void>;
}

/** Creates the watches of one emulator, without any agent. */
export function createCodeWatches({
  dataFolder,
  clock,
  logger,
}: {
  readonly dataFolder: string;
  readonly clock: Pick<Clock, 'realNow'>;
  readonly logger: Logger;
}): CodeWatches {
  const watches = new Map<AgentRuntime, CodeWatch>();
  const listeners: CodeChangeListener[] = [];

  return {
    start(agent, { ready }) {
      const { source } = agent;
      if (source.kind !== 'project' || watches.has(agent)) return;
      const report = {
        onFileEvent() {
          for (const listener of listeners) listener.onFileEvent(agent);
        },
        onChange(file: string) {
          for (const listener of listeners) listener.onChange(agent, file);
        },
      };
      const since = clock.realNow();
      watches.set(agent, watchCode(source, report, { dataFolder, since, idle: ready, logger }));
    },
    stop(agent) {
      watches
        .get(agent)
        ?.close()
        .catch((error: Error) =>
          logger.warn(`${agent.source.name}: Could not stop watching the code: ${error.message}`),
        );
      watches.delete(agent);
    },
    subscribe: (listener) => void listeners.push(listener),
    async close() {
      await Promise.all([...watches.values()].map((each) => each.close()));
    },
  };
}
