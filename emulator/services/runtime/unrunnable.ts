import { requireCompute } from '../../compute/computeMode.ts';
import { OptionError } from '../../optionError.ts';
import type { ServiceContext } from '../../service.ts';
import type { AgentSource } from '../../agentSource.ts';
import { protocols } from './protocols/protocols.ts';

/** Throws an OptionError if this emulator cannot run the agent with its configuration. */
export function refuseUnrunnable(
  source: AgentSource,
  { options, computes, server }: Pick<ServiceContext, 'options' | 'computes' | 'server'>,
): void {
  requireCompute(options.compute, source);
  if (computes.chooseKind(source) === 'process') refuseContractPort(source, server.port);
}

/** In a process, the contract's port maps to the agent itself, so its calls to the emulator would loop. */
function refuseContractPort({ name, protocol, port: own }: AgentSource, port: number): void {
  if ((own ?? protocols[protocol].port) !== port) return;
  throw new OptionError(
    'port',
    `AgentCore's contract reserves port ${port} for the agent ${name}. Choose another port`,
  );
}
