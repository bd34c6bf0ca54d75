import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { accessDenied } from '../wire/errors.ts';
import { callerKey, readCallers, type CallerName, type CallerSource } from './callers.ts';
import { contextOf, type Wish } from './context.ts';
import { decide } from './decision.ts';
import { hintsOf, type ActionKeys } from './hints.ts';

/** Refuses what a caller's policies do not allow, and says why; who has none may do anything. */
export interface Guard {
  permit(who: CallerName, wish: Wish, tell: (why: string) => void): void;
}

/** Guards by the policies of these callers; null where there are none. What is odd in them is logged. */
export function createGuard({
  sources,
  keys,
  region,
  account,
  clock,
  logger,
}: {
  readonly sources: readonly CallerSource[];
  /** The condition keys of the actions that are guarded. */
  readonly keys: ActionKeys;
  readonly region: string;
  readonly account: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}): Guard | null {
  if (sources.length === 0) return null;
  const callers = readCallers(sources, account);
  for (const [name, caller] of callers) {
    for (const hint of hintsOf(caller, keys)) logger.warn(`${name}: ${hint}`);
  }
  return {
    permit(who, wish, tell) {
      const caller = callers.get(callerKey(who));
      if (!caller) return;
      const action = `bedrock-agentcore:${wish.action}`;
      const resource = wish.resource.arn;
      const context = contextOf(caller, wish, { region, account, now: clock.now() });
      const decision = decide(caller.policies, { action, resource, context });
      if (decision.isAllowed) return;
      tell(`${wish.action} is denied to ${callerKey(who)}: ${decision.why}`);
      throw accessDenied(
        `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${
          decision.isExplicit
            ? 'with an explicit deny in an identity-based policy'
            : `because no identity-based policy allows the ${action} action`
        }`,
      );
    },
  };
}
