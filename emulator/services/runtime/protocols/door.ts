import type { ErrorForm } from '../../../wire/response.ts';
import { decodeLabel } from '../../../wire/router.ts';
import type { Refused, RequestLine } from '../../../wire/wire.ts';
import type { Agents } from '../agents.ts';
import type { Protocol } from './protocol.ts';
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
  function find(name: () => string, query: URLSearchParams): Protocol | undefined {
    // Where there is no such endpoint, that of every runtime still tells which protocol it speaks.
    return resolve(name, query.get('qualifier') ?? undefined) ?? resolve(name, undefined);
  }

  function resolve(name: () => string, qualifier: string | undefined): Protocol | undefined {
    try {
      return protocols[agents.resolve(name(), qualifier).agent.source.protocol];
    } catch {
      // Whatever is wrong with these names is said on the wire.
      return undefined;
    }
  }

  return {
    lead(line) {
      const [, label, rest, search] = PATH.exec(line.path) ?? [];
      if (label === undefined || (rest === '' && line.method === 'POST')) return line;
      const doors = find(() => decodeLabel(label), new URLSearchParams(search))?.doors ?? [];
      return doors.some(({ method, path }) => method === line.method && path === rest)
        ? { method: 'POST', path: `/runtimes/${label}/invocations${search}` }
        : line;
    },
    errorForm({ operation, labels, query, ...asked }) {
      if (operation.name !== 'InvokeAgentRuntime') return undefined;
      const protocol = find(() => labels['agentRuntimeArn'] ?? '', query);
      return protocol && ((error) => protocol.refuse(error, asked));
    },
  };
}
