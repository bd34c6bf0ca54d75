import type { Tool, ToolList } from '../../../shared/tools.ts';
import { createEmitter, type Subscribe } from '../../emitter.ts';
import { load } from '../../load.ts';

/** Lists the tools of an agent's session for a chat. */
export interface ToolLister {
  /** The latest requested list; null before the first request. */
  list(): ToolList | null;
  readonly onChange: Subscribe;
  /** Reads a list, and aborts the one that is being read. */
  read(
    session: Pick<ToolList, 'agent' | 'sessionId'>,
    listTools: (signal: AbortSignal) => Promise<readonly Tool[]>,
  ): void;
}

/** Creates a lister without a list. */
export function createToolLister(): ToolLister {
  const { subscribe, emit } = createEmitter();
  let current: ToolList | null = null;
  let reading = new AbortController();

  return {
    list: () => current,
    onChange: subscribe,
    read({ agent, sessionId }, listTools) {
      reading.abort();
      const { signal } = (reading = new AbortController());
      load(
        () => listTools(signal),
        (tools) => {
          current = { agent, sessionId, tools };
          emit();
        },
        () => current!.tools,
      );
    },
  };
}
