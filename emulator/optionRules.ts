import type { EngineFinder } from './compute/container/container.ts';
import { isLoopback } from './http/admission.ts';
import { OptionError, type EmulatorOptions } from './options.ts';
import type { AgentSource } from './services/runtime/agents.ts';
import { protocols } from './services/runtime/protocols/protocols.ts';

/** Whoever can be reached by others asks them for a token. */
export function refuseOpenHost(host: string, token: string | null): void {
  if (token !== null || isLoopback(host)) return;
  throw new OptionError(
    `host: ${host} can be reached from other machines; protect it with --token T, or bind to 127.0.0.1`,
  );
}

/** As AWS's own rule for a runtime has it. */
export function refuseLongIdling({
  idleTimeout = 0,
  maxLifetime = Infinity,
}: EmulatorOptions): void {
  if (idleTimeout <= maxLifetime) return;
  throw new OptionError(
    `idle-timeout: ${idleTimeout} s is more than the ${maxLifetime} s of max-lifetime; a session cannot idle longer than it lives`,
  );
}

/** An agent believes that this port is its own, so what it sent here would come back to itself. */
export function refuseContractPort(
  port: number | undefined,
  sources: readonly AgentSource[],
): void {
  const agent = sources.find(({ protocol }) => protocols[protocol].port === port);
  if (!agent) return;
  throw new OptionError(
    `port: ${port} is the one that ${agent.name} listens on by AgentCore's contract; choose another`,
  );
}

/** What is forced and cannot be had is an error at once. */
export async function demandContainers({ find }: EngineFinder): Promise<void> {
  await find().catch((error: Error) => {
    throw new OptionError(`compute: container: ${error.message}`);
  });
}

/** Whoever is known by a key is known by its signature, which is to be verified. */
export function refuseUnverifiedCallers({ callers = [], accessKeys = [] }: EmulatorOptions): void {
  const known = accessKeys.map(({ id }) => id);
  for (const { is } of callers) {
    if ('agent' in is || known.includes(is.accessKeyId)) continue;
    throw new OptionError(
      known.length === 0
        ? `callers: the access key ${is.accessKeyId} is known by its signatures, and none are verified; start with --auth sigv4, and --credentials FILE for several keys`
        : `callers: the access key ${is.accessKeyId} is none of those by which signatures are verified, which are ${known.join(', ')}`,
    );
  }
}

/** The project's agent of this name, or its first. */
export function findDefault(
  agents: readonly AgentSource[],
  name: string | undefined,
): AgentSource | undefined {
  if (name === undefined) return agents[0];
  const found = agents.find((source) => source.name === name);
  if (found) return found;
  const known = agents.map((source) => source.name).join(', ') || 'none';
  throw new OptionError(`agent: there is no agent '${name}'; the project has ${known}`);
}
