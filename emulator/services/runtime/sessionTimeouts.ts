import type { AgentSource } from '../../agentSource.ts';
import type { SessionTimeouts } from './lifecycle.ts';

/** AWS's default `idleRuntimeSessionTimeout` in seconds. */
export const IDLE_TIMEOUT = 900;

/** AWS's default `maxLifetime` in seconds. */
export const MAX_LIFETIME = 28_800;

/** Resolves an agent's session timeouts: the emulator's options, then the agent's settings, then AWS's defaults. */
export function resolveSessionTimeouts(
  agent: AgentSource['lifecycle'],
  options: { readonly idleTimeout?: number | undefined; readonly maxLifetime?: number | undefined },
): SessionTimeouts {
  const max = options.maxLifetime ?? agent.maxLifetime ?? MAX_LIFETIME;
  const idle = options.idleTimeout ?? agent.idleRuntimeSessionTimeout ?? IDLE_TIMEOUT;
  // AWS shortens its default idle timeout to the maximum lifetime.
  return { idleTimeout: Math.min(idle, max) * 1000, maxLifetime: max * 1000 };
}
