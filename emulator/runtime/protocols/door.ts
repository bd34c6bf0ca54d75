import type { ErrorForm } from '../../wire/response.ts';
import type { Refused, RequestLine } from '../../wire/wire.ts';
import { decodeLabel } from '../../wire/router.ts';
import type { AgentRuntime, Agents } from '../agents.ts';
import { protocols } from './protocols.ts';

/** What the clients of agents' protocols say otherwise than the AWS SDK does, and hear otherwise. */
export interface ProtocolDoor {
  /** Leads a request that the SDK knows no operation for to the one that it is, if it is one. */
  lead(line: RequestLine): RequestLine;
  /** The words for what is refused; AWS's own where this says nothing. */
  errorForm(refused: Refused): ErrorForm | undefined;
}

const PATH = /^\/runtimes\/([^/?]+)\/invocations([^?]*)(.*)$/;

/** The door to these agents. */
export function createProtocolDoor(agents: Pick<Agents, 'resolve'>): ProtocolDoor {
  function find(name: () => string): AgentRuntime | undefined {
    try {
      return agents.resolve(name(), undefined).agent;
    } catch {
      // Whatever is wrong with the name is said on the wire.
      return undefined;
    }
  }

  return {
    lead(line) {
      const [, name, rest, search] = PATH.exec(line.path) ?? [];
      if (name === undefined || (rest === '' && line.method === 'POST')) return line;
      const agent = find(() => decodeLabel(name));
      const doors = agent ? protocols[agent.source.protocol].doors : [];
      return doors.some(({ method, path }) => method === line.method && path === rest)
        ? { method: 'POST', path: `/runtimes/${name}/invocations${search}` }
        : line;
    },
    errorForm({ operation, labels, body }) {
      if (operation.name !== 'InvokeAgentRuntime') return undefined;
      const agent = find(() => labels['agentRuntimeArn'] ?? '');
      return agent && ((error) => protocols[agent.source.protocol].refuse(error, body));
    },
  };
}
