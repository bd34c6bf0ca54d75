import type { InvokeAgentRuntimeRequest } from '@aws-sdk/client-bedrock-agentcore';
import type { Clock } from '../../../clock.ts';
import { credentialOf, type Sender, type Visit } from '../../../wire/credential.ts';
import type { DemandSignature } from '../../../wire/demandSignature.ts';
import { accessDenied, invalid, notFound, throttled, unauthorized } from '../../../wire/errors.ts';
import { decodeLabel } from '../../../wire/router.ts';
import { refuseToSession } from '../../../wire/sessionRights.ts';
import { findLongHeader } from '../agentHeaders.ts';
import type { AgentAction, AgentEndpoint, Agents } from '../agents.ts';
import type { ServiceLimits } from '../serviceLimits.ts';
import { createThrottle } from '../throttle.ts';
import { createRefuseToken } from './jwt.ts';
import { challenge, readMetadataPath, resourceMetadata } from './protectedResource.ts';

/** By what every request to an agent names it, and the session that it is for. */
export type AgentName = Pick<
  InvokeAgentRuntimeRequest,
  'agentRuntimeArn' | 'qualifier' | 'runtimeSessionId'
>;

/** The one way to an agent: every operation, protocol and door asks here. */
export interface Access {
  /** The endpoint of that agent, if it is the sender's to call. */
  admit(name: Partial<AgentName>, sender: Sender, action: AgentAction): Promise<AgentEndpoint>;
  /** Tells where to get a token for the runtime of this path; undefined for other paths. */
  resourceMetadata(path: string, visit: Visit): Record<string, unknown> | undefined;
}

/** Lets in as the agents' authorizers have it: those with AWS_IAM by signature, the others by JWT. */
export function createAccess({
  agents,
  clock,
  limits,
  demandSignature,
  isSessionOf,
  hasToken,
}: {
  readonly agents: Agents;
  readonly clock: Clock;
  readonly limits: ServiceLimits;
  readonly demandSignature: DemandSignature;
  /** Whether a session is the caller's own: the one whose address it came by. */
  readonly isSessionOf: (caller: unknown, endpoint: AgentEndpoint, id: string) => boolean;
  /** Whether the emulator itself asks for a token, which may come in the same header. */
  readonly hasToken: boolean;
}): Access {
  const throttle = createThrottle(limits.rate, clock.realNow);
  const refuseToken = createRefuseToken({ clock });

  async function authenticate(
    { name, agent }: AgentEndpoint,
    agentRuntimeArn: string,
    sender: Sender,
  ): Promise<void> {
    const authorizer = agent.source.authorizer?.customJWTAuthorizer;
    const credential = credentialOf(sender);
    if (!authorizer) {
      if (credential.kind === 'bearer') {
        throw methodMismatch(
          `${agent.id} has no JWT authorizer: sign the request with SigV4, as the AWS SDKs do by themselves, and send no bearer.`,
        );
      }
      demandSignature(sender);
      return;
    }
    if (credential.kind === 'signature') {
      throw methodMismatch(
        `${agent.id} has the authorizer CUSTOM_JWT: send a token of the provider at ${authorizer.discoveryUrl} as 'Authorization: Bearer TOKEN'. The AWS SDKs sign instead; to use them, set authorizerType to AWS_IAM. The chat asks for a token.`,
      );
    }
    const label = labelOf(sender.target) ?? encodeURIComponent(agentRuntimeArn);
    const how = challenge(authorizer, sender, { label, qualifier: name });
    if (credential.kind === 'none') {
      throw unauthorized(
        `Missing Authentication Token. ${agent.id} wants a JWT as 'Authorization: Bearer TOKEN'.${hasToken ? ' The token of the emulator itself is given as base path then, /@TOKEN.' : ''}`,
        how,
      );
    }
    const refusal = await refuseToken(credential.token, authorizer);
    if (refusal !== null) throw unauthorized(`OAuth authorization failed: ${refusal}`, how);
  }

  return {
    async admit({ agentRuntimeArn = '', qualifier, runtimeSessionId = '' }, sender, action) {
      const endpoint = agents.resolve(agentRuntimeArn, qualifier);
      await authenticate(endpoint, agentRuntimeArn, sender);
      refuseToSession(action, sender, () => isSessionOf(sender.caller, endpoint, runtimeSessionId));
      agents.permit(endpoint, action);
      const { agent } = endpoint;
      const long = findLongHeader(sender.headers, agent, limits.header);
      if (long !== null) {
        throw invalid(
          `The value of the header ${long} is longer than the ${limits.header} bytes that a header on the requestHeaderAllowlist may have.`,
        );
      }
      if (throttle(agent.id)) {
        throw throttled(
          `Rate exceeded: ${agent.id} takes ${limits.rate} calls a second, as the emulator was told (--limits).`,
        );
      }
      return endpoint;
    },

    resourceMetadata(path, visit) {
      const asked = readMetadataPath(path);
      if (!asked) return undefined;
      const { label, query } = asked;
      const { agent } = agents.resolve(decodeLabel(label), query.get('qualifier') ?? undefined);
      const authorizer = agent.source.authorizer?.customJWTAuthorizer;
      if (authorizer) return resourceMetadata(authorizer, visit, label);
      throw notFound(`${agent.id} has no JWT authorizer, so there is no token to get for it.`);
    },
  };
}

// The service's own sentence, and what it means here.
function methodMismatch(mend: string) {
  return accessDenied(
    `Authorization method mismatch. The agent is configured for a different authorization method than what was used in your request. Check the agent's authorization configuration and ensure your request uses the matching method (OAuth or SigV4). ${mend}`,
  );
}

function labelOf(target: string): string | undefined {
  return /^(?:\/@[^/?]*)?\/runtimes\/([^/?]+)/.exec(target)?.[1];
}
