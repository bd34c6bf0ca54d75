import type { AgentSource } from './agents.ts';
import type { SessionTimeouts } from './lifecycle.ts';

/** AWS's defaults for every runtime, in seconds: how long a session idles, */
export const IDLE_TIMEOUT = 900;
export const MAX_LIFETIME = 28_800;

/** How long an agent's sessions live: as the emulator was told, else as the agent says, else as in AWS. */
export function resolveSessionTimeouts(
  agent: AgentSource['lifecycle'],
  told: { readonly idleTimeout?: number | undefined; readonly maxLifetime?: number | undefined },
): SessionTimeouts {
  const max = told.maxLifetime ?? agent.maxLifetime ?? MAX_LIFETIME;
  const idle = told.idleTimeout ?? agent.idleRuntimeSessionTimeout ?? IDLE_TIMEOUT;
  // As AWS does with its default: what lives shortly idles no longer than that.
  return { idleTimeout: Math.min(idle, max) * 1000, maxLifetime: max * 1000 };
}
