import type { AgentRuntime } from './agents.ts';
import type { MachineStorage } from '../../compute/compute.ts';
import type { Instance } from './instance.ts';
import type { SessionStorage } from './sessionStorage.ts';

/** Starts an agent on a machine of its own and removes the machine. Rejects with the reason if it does not start. */
export type StartOnce = (agent: AgentRuntime, signal: AbortSignal) => Promise<void>;

/** Creates the trial start of agents, which leaves nothing behind. */
export function createStartOnce({
  make,
  storage,
}: {
  readonly make: (agent: AgentRuntime, storage: MachineStorage | null) => Instance;
  readonly storage: Pick<SessionStorage, 'create' | 'discard'>;
}): StartOnce {
  return async (agent, signal) => {
    signal.throwIfAborted();
    const ofMachine = storage.create(agent);
    const instance = make(agent, ofMachine);
    const stop = () => void instance.stop();
    signal.addEventListener('abort', stop);
    try {
      await instance.ready;
    } finally {
      signal.removeEventListener('abort', stop);
      await instance.close();
      if (ofMachine) await storage.discard(agent, ofMachine);
      await instance.deleteOutput();
    }
  };
}
