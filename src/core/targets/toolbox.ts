import type { ToolList } from '../../shared/targets.ts';
import type { Loadable } from '../../shared/loadable.ts';
import type { Tool } from '../../shared/tools.ts';
import type { ToolPlace } from '../chat/source/source.ts';
import { createEmitter, subscribeAll } from '../emitter.ts';
import type { Agents } from './targets.ts';

/** The same agents, whose tools are listed when a view asks for them. */
export function withToolbox(agents: Agents): Agents {
  const { source, tools } = agents;
  const followers = createEmitter();
  let toolList: ToolList | null = null;
  let listing = new AbortController();

  function show(next: ToolList): void {
    toolList = next;
    followers.emit();
  }

  async function list(place: ToolPlace): Promise<void> {
    listing.abort();
    const { signal } = (listing = new AbortController());
    const { agent, sessionId } = place;
    show({ agent, sessionId, tools: { state: 'loading' } });
    let told: Loadable<readonly Tool[]>;
    try {
      told = { state: 'loaded', value: await tools(place, signal) };
    } catch (error) {
      const { name, message } = error as Error;
      told = { state: 'failed', message: `${name}: ${message}` };
    }
    if (!signal.aborted) show({ agent, sessionId, tools: told });
  }

  return {
    ...agents,
    source: {
      ...source,
      now: () => ({ ...source.now(), toolList }),
      onChange: subscribeAll(followers.subscribe, source.onChange),
      listTools: (place) => void list(place),
    },
  };
}
