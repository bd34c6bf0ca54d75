import type { Asked, Toolbox } from '../../shared/targets.ts';
import type { Tool } from '../../shared/tools.ts';
import type { ToolPlace } from '../chat/source/source.ts';
import { createFollowers, followAll } from '../followers.ts';
import type { Agents } from './targets.ts';

/** The same agents, whose tools are listed when a view asks for them. */
export function withToolbox(agents: Agents): Agents {
  const { source, tools } = agents;
  const followers = createFollowers();
  let toolbox: Toolbox | null = null;
  let listing = new AbortController();

  function show(next: Toolbox): void {
    toolbox = next;
    followers.tell();
  }

  async function list(place: ToolPlace): Promise<void> {
    listing.abort();
    const { signal } = (listing = new AbortController());
    const { agent, sessionId } = place;
    show({ agent, sessionId, tools: { state: 'asking' } });
    let told: Asked<readonly Tool[]>;
    try {
      told = { state: 'told', value: await tools(place, signal) };
    } catch (error) {
      const { name, message } = error as Error;
      told = { state: 'refused', why: `${name}: ${message}` };
    }
    if (!signal.aborted) show({ agent, sessionId, tools: told });
  }

  return {
    ...agents,
    source: {
      ...source,
      now: () => ({ ...source.now(), toolbox }),
      onChange: followAll(followers.follow, source.onChange),
      listTools: (place) => void list(place),
    },
  };
}
