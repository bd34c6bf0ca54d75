import type { InvokeAgentRuntimeRequest } from '@aws-sdk/client-bedrock-agentcore';
import type { Clock } from '../../../clock.ts';
import type { Caller } from '../../../caller.ts';
import { readCredential, type AttributedRequest } from '../../../wire/credential.ts';
import { accessDenied, invalid, throttled, unauthorized } from '../../../wire/errors.ts';
import { operationNamed } from '../../../wire/operations.ts';
import type { RequireSignature } from '../../../wire/requireSignature.ts';
import {
  requireSessionPermission,
  type SessionPermissions,
} from '../../../wire/sessionPermissions.ts';
import { findLongHeader } from '../agentHeaders.ts';
import type { AgentAction, AgentEndpoint, Agents } from '../agents.ts';
import type { Quotas } from '../../../quotas.ts';
import { createThrottle } from '../throttle.ts';
import { createTokenValidator } from './tokenValidator.ts';
import { buildChallenge } from './protectedResource.ts';

/** The members of every request to an agent that identify the agent and its session. */
export type AgentReference = Pick<
  InvokeAgentRuntimeRequest,
  'agentRuntimeArn' | 'qualifier' | 'runtimeSessionId'
>;

/** Authorizes every request to an agent, of any operation and protocol. */
export interface Access {
  /** Returns the agent's endpoint; throws if the caller may not call it. */
  admit(
    name: Partial<AgentReference>,
    request: AttributedRequest,
    action: AgentAction,
  ): Promise<AgentEndpoint>;
}

const { signingName } = operationNamed('InvokeAgentRuntime');

/** The actions that a session may take on agents through its URL. */
export const sessionPermissions: SessionPermissions = {
  allowed: new Set(['InvokeAgentRuntime', 'InvokeAgentRuntimeWithWebSocketStream']),
  allowedForItself: new Set([
    'InvokeAgentRuntimeCommand',
    'InvokeAgentRuntimeCommandShell',
    'StopRuntimeSession',
  ]),
};

/** Authorizes by each agent's own authorizer: AWS_IAM by signature, CUSTOM_JWT by token. */
export function createAccess({
  agents,
  clock,
  limits,
  requireSignature,
  isSessionOf,
  hasToken,
}: {
  readonly agents: Agents;
  readonly clock: Clock;
  readonly limits: Quotas;
  readonly requireSignature: RequireSignature;
  /** True for the caller's own session, whose URL the request used. */
  readonly isSessionOf: (caller: Caller | null, endpoint: AgentEndpoint, id: string) => boolean;
  /** True if the emulator itself requires a token, which may be in the same header. */
  readonly hasToken: boolean;
}): Access {
  const throttle = createThrottle(limits.rate, clock.realNow);
  const validateToken = createTokenValidator({ clock });

  async function authenticate(
    { name, agent }: AgentEndpoint,
    agentRuntimeArn: string,
    request: AttributedRequest,
  ): Promise<void> {
    const authorizer = agent.source.authorizer?.customJWTAuthorizer;
    const credential = readCredential(request);
    if (!authorizer) {
      if (credential.kind === 'bearer') {
        throw methodMismatch(
          `${agent.id} has no JWT authorizer. Sign the request with SigV4, as the AWS SDKs do, and send no bearer token.`,
        );
      }
      requireSignature(request, signingName);
      return;
    }
    if (credential.kind === 'signature') {
      throw methodMismatch(
        `${agent.id} has the authorizer CUSTOM_JWT. Send a token of the provider at ${authorizer.discoveryUrl} as 'Authorization: Bearer TOKEN'. The AWS SDKs sign instead; to use them, set authorizerType to AWS_IAM. The chat asks for a token.`,
      );
    }
    const label = readLabel(request.target) ?? encodeURIComponent(agentRuntimeArn);
    const challenge = buildChallenge(authorizer, request, { label, qualifier: name });
    if (credential.kind === 'none') {
      throw unauthorized(
        `Missing Authentication Token. ${agent.id} requires a JWT as 'Authorization: Bearer TOKEN'.${hasToken ? ' Pass the emulator’s own token as base path, /@TOKEN.' : ''}`,
        challenge,
      );
    }
    const problem = await validateToken(credential.token, authorizer);
    if (problem !== null) throw unauthorized(`OAuth authorization failed: ${problem}`, challenge);
  }

  return {
    async admit({ agentRuntimeArn = '', qualifier, runtimeSessionId = '' }, request, action) {
      const endpoint = agents.resolve(agentRuntimeArn, qualifier);
      await authenticate(endpoint, agentRuntimeArn, request);
      requireSessionPermission(action, request, sessionPermissions, () =>
        isSessionOf(request.caller, endpoint, runtimeSessionId),
      );
      agents.permit(endpoint, action);
      const { agent } = endpoint;
      const longHeader = findLongHeader(request.headers, agent, limits.header);
      if (longHeader !== null) {
        throw invalid(
          `The header ${longHeader} is longer than ${limits.header} bytes, the limit for headers on the requestHeaderAllowlist.`,
        );
      }
      if (throttle(agent.id)) {
        throw throttled(
          `Rate exceeded: ${agent.id} accepts ${limits.rate} calls per second, as set with --limits.`,
        );
      }
      return endpoint;
    },
  };
}

// AWS's own message, and the fix for the emulator.
function methodMismatch(fix: string) {
  return accessDenied(
    `Authorization method mismatch. The agent is configured for a different authorization method than what was used in your request. Check the agent's authorization configuration and ensure your request uses the matching method (OAuth or SigV4). ${fix}`,
  );
}

function readLabel(target: string): string | undefined {
  return /^(?:\/@[^/?]*)?\/runtimes\/([^/?]+)/.exec(target)?.[1];
}
