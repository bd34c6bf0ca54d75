import type { RequestLine } from '../../../http/route.ts';
import { decodeLabel } from '../../../wire/operationRouter.ts';
import type { ErrorFormat } from '../../../wire/response.ts';
import type { RefusedRequest } from '../../../wire/wire.ts';
import type { Agents } from '../agents.ts';
import type { Protocol } from './protocol.ts';
import { protocols } from './protocols.ts';

/** Requests and errors of agents' protocols, where they differ from the AWS SDK's. */
export interface ProtocolHandler {
  /** Maps a request of a protocol's client to the operation that serves it; returns others unchanged. */
  rewriteProtocolRequest(line: RequestLine): RequestLine;
  /** Returns the format that the protocol has for errors, if it has one. */
  errorFormat(refused: RefusedRequest): ErrorFormat | undefined;
}

const PATH = /^\/runtimes\/([^/?]+)\/invocations([^?]*)(.*)$/;

/** Handles the protocols of these agents. */
export function createProtocolHandler(agents: Pick<Agents, 'resolve'>): ProtocolHandler {
  function find(readName: () => string, query: URLSearchParams): Protocol | undefined {
    // Without such an endpoint, the runtime's default one still says which protocol it speaks.
    return resolve(readName, query.get('qualifier') ?? undefined) ?? resolve(readName, undefined);
  }

  function resolve(readName: () => string, qualifier: string | undefined): Protocol | undefined {
    try {
      return protocols[agents.resolve(readName(), qualifier).agent.source.protocol];
    } catch {
      // The wire reports what is wrong with these names.
      return undefined;
    }
  }

  return {
    rewriteProtocolRequest(line) {
      const [, label, rest, search] = PATH.exec(line.path) ?? [];
      if (label === undefined || (rest === '' && line.method === 'POST')) return line;
      const protocol = find(() => decodeLabel(label), new URLSearchParams(search));
      return protocol?.extraRequests.some(
        ({ method, path }) => method === line.method && path === rest,
      )
        ? { method: 'POST', path: `/runtimes/${label}/invocations${search}` }
        : line;
    },
    errorFormat({ operation, labels, query, ...request }) {
      if (operation.name !== 'InvokeAgentRuntime') return undefined;
      const protocol = find(() => labels['agentRuntimeArn'] ?? '', query);
      return protocol && ((error) => protocol.formatError(error, request));
    },
  };
}
