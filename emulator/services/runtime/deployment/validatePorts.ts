import type {
  CreateAgentRuntimeRequest,
  ProtocolConfiguration,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { invalid } from '../../../wire/errors.ts';
import type { PortRange } from '../../../../src/shared/portRange.ts';
import { protocols } from '../protocols/protocols.ts';
import type { VersionSettings } from './records.ts';

type AllowedPort = NonNullable<CreateAgentRuntimeRequest['allowedPorts']>[number];

/** The port that AWS reserves on every machine. */
const RESERVED_PORT = 8443;

/** Returns the port and path at which an agent is called. */
export function serverAddress({
  serverProtocol = 'HTTP',
  port = protocols[serverProtocol].port,
  path = protocols[serverProtocol].path,
}: Partial<ProtocolConfiguration> = {}): { readonly port: number; readonly path: string } {
  return { port, path };
}

/** Throws for ports that satisfy AWS's model but that its documentation excludes. */
export function validatePorts({ protocolConfiguration, allowedPorts }: VersionSettings): void {
  refuseReserved('protocolConfiguration.port', protocolConfiguration?.port);
  validateAllowedPorts(allowedPorts ?? []);
}

/** Throws if a port is the reserved one. */
export function refuseReserved(member: string, port: number | undefined): void {
  if (port !== RESERVED_PORT) return;
  throw invalid(
    `Invalid request provided: ${member}: Port ${RESERVED_PORT} is reserved and cannot be used. Use another port from 8000 to 12000.`,
  );
}

function validateAllowedPorts(allowedPorts: readonly AllowedPort[]): void {
  const ranges = allowedPorts.map(toRange);
  for (const [index, { from, to }] of ranges.entries()) {
    const member = `allowedPorts.${index + 1}.member`;
    if (from > to) {
      throw invalid(
        `Invalid request provided: ${member}: 'from' is ${from} and 'to' is ${to}. 'from' must be less than or equal to 'to'.`,
      );
    }
    if (from <= RESERVED_PORT && RESERVED_PORT <= to) refuseReserved(member, RESERVED_PORT);
    const other = ranges.slice(0, index).find((each) => each.from <= to && from <= each.to);
    if (other) {
      throw invalid(
        `Invalid request provided: ${member}: ${describe({ from, to })} overlaps ${describe(other)}. List each port once.`,
      );
    }
  }
}

/** Returns an entry of allowedPorts as a range. */
export function toRange({ port = 0, portRange }: AllowedPort): PortRange {
  const { from = port, to = port } = portRange ?? {};
  return { from, to };
}

function describe({ from, to }: PortRange): string {
  return from === to ? `${from}` : `${from} to ${to}`;
}
