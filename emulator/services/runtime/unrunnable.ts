import { requireCompute } from '../../compute/computeMode.ts';
import { OptionError } from '../../optionError.ts';
import type { ServiceContext } from '../../service.ts';
import type { AgentSource } from './agents.ts';
import { protocols } from './protocols/protocols.ts';

/** Throws an OptionError where this emulator cannot run an agent as it is configured to. */
export function refuseUnrunnable(
  source: AgentSource,
  { options, computes, server }: Pick<ServiceContext, 'options' | 'computes' | 'server'>,
): void {
  requireCompute(options.compute, source);
  if (computes.kindOf(source) === 'process') refuseContractPort(source, server.port);
}

/** A process believes that it owns its contract's port, so its calls to the emulator would loop. */
function refuseContractPort({ name, protocol }: AgentSource, port: number): void {
  if (protocols[protocol].port !== port) return;
  throw new OptionError(
    `port: ${port} is the one that ${name} listens on by AgentCore's contract; choose another`,
  );
}
