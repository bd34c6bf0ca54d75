import type { ActivityEmitter } from '../activity.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { accessDenied } from '../wire/errors.ts';
import type { Call } from '../wire/handlers.ts';
import { readSigner } from '../wire/signature.ts';
import { formatCaller, readCallers, type CallerIdentity, type CallerSource } from './callers.ts';
import { buildRequestContext, type AuthorizationRequest } from './requestContext.ts';
import { evaluatePolicies } from './decision.ts';
import { findPolicyHints, type ActionKeys } from './policyHints.ts';

/** IAM identity policies of callers. A caller without policies may do anything. */
export interface IdentityPolicies {
  /** Throws AccessDeniedException where the caller's policies do not allow the request. */
  enforce(request: AuthorizationRequest, call: Call): void;
  /** Logs a warning for each statement that can have no effect, given the condition keys of actions. */
  logHints(keys: ActionKeys): void;
}

/** Parses the policies. Throws an OptionError for an invalid one. */
export function createIdentityPolicies({
  sources,
  verifiesSignatures,
  region,
  account,
  clock,
  activity,
  logger,
}: {
  readonly sources: readonly CallerSource[];
  /** Callers outside a session are identified by their access key, which needs verified signatures. */
  readonly verifiesSignatures: boolean;
  readonly region: string;
  readonly account: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly activity: Pick<ActivityEmitter, 'emit'>;
  readonly logger: Logger;
}): IdentityPolicies {
  const callers = readCallers(sources, account);

  function identify(call: Call): CallerIdentity | null {
    if (call.caller) return { agent: call.caller.agent.source.name };
    return verifiesSignatures ? { accessKeyId: readSigner(call) } : null;
  }

  return {
    enforce(request, call) {
      const identity = callers.size === 0 ? null : identify(call);
      const caller = identity && callers.get(formatCaller(identity));
      if (!identity || !caller) return;
      const action = `bedrock-agentcore:${request.action}`;
      const resource = request.resource.arn;
      const context = buildRequestContext(caller, request, { region, account, now: clock.now() });
      const decision = evaluatePolicies(caller.policies, { action, resource, context });
      if (decision.isAllowed) return;
      const reason = `${request.action} is denied to ${formatCaller(identity)}: ${decision.reason}`;
      logger.warn(reason);
      if (call.caller) {
        const entry = { type: 'note', message: reason } as const;
        activity.emit({ type: 'entry', at: clock.now(), agent: call.caller, entry });
      }
      throw accessDenied(
        `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${
          decision.isExplicit
            ? 'with an explicit deny in an identity-based policy'
            : `because no identity-based policy allows the ${action} action`
        }`,
      );
    },
    logHints(keys) {
      for (const [name, caller] of callers) {
        for (const hint of findPolicyHints(caller, keys)) logger.warn(`${name}: ${hint}`);
      }
    },
  };
}
