import { createHash } from 'node:crypto';
import type { CustomJWTAuthorizerConfiguration } from '@aws-sdk/client-bedrock-agentcore-control';
import type { AgentSummary } from '../../src/shared/emulator.ts';
import type { ImageSource } from '../../src/shared/image.ts';
import type { AgentCode } from '../compute/compute.ts';
import { invalid, notFound } from '../wire/errors.ts';
import { protocols } from './protocols/protocols.ts';

/** An agent as its project describes it: what the emulator needs to run it. */
export interface AgentSource {
  readonly project: string;
  readonly name: string;
  /** The project's root and the agent's code below it, both absolute. */
  readonly root: string;
  readonly code: string;
  /** Both null where only a Dockerfile says what is run. */
  readonly entrypoint: string | null;
  readonly language: AgentSummary['language'];
  /** In AWS's words: PYTHON_3_12, NODE_22. */
  readonly runtimeVersion?: string | undefined;
  /** What AWS is given to run: the code, or an image. */
  readonly build?: 'CodeZip' | 'Container' | undefined;
  readonly image?: ImageSource | null | undefined;
  readonly protocol: AgentSummary['protocol'];
  readonly environment: Readonly<Record<string, string>>;
  /** Request headers that reach the agent, beside those that always do. */
  readonly headerAllowlist: readonly string[];
  /** Who may call it, in AWS's shape; by signature where there is none. */
  readonly authorizer?:
    { readonly customJWTAuthorizer: CustomJWTAuthorizerConfiguration } | null | undefined;
  /** Folders directly under /mnt, in which a session finds again what it left. */
  readonly mounts?: readonly string[] | undefined;
  /** In seconds; absent ones are AWS's defaults. */
  readonly lifecycle: {
    readonly idleRuntimeSessionTimeout?: number | undefined;
    readonly maxLifetime?: number | undefined;
  };
}

/** An agent that can be invoked: a runtime, in AWS's words. */
export interface AgentRuntime {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly version: string;
  readonly source: AgentSource;
}

/** A name under which a runtime is invoked, and what it leads new sessions to. */
export interface AgentEndpoint {
  /** AWS calls it the qualifier. */
  readonly name: string;
  readonly agent: AgentRuntime;
}

/** The agents of this emulator. */
export interface Agents {
  readonly all: readonly AgentRuntime[];
  /** Finds the agent that a path names, by ARN, or by id as JWT callers and the official CLI do. */
  resolve(arnOrId: string, qualifier: string | undefined): AgentEndpoint;
  summaries(warm: (agent: AgentRuntime) => number): AgentSummary[];
}

/** AWS names the endpoint that every runtime has so. */
const DEFAULT_ENDPOINT = 'DEFAULT';

const ARN = /^arn:aws[a-z-]*:bedrock-agentcore:[a-z0-9-]+:\d{12}:runtime\/([^/]+)$/;

/** Registers a project's agents under ids and ARNs that stay the same from run to run. */
export function createAgents(
  sources: readonly AgentSource[],
  { region, account }: { region: string; account: string },
): Agents {
  const all = sources.map((source): AgentRuntime => {
    const id = `${source.project}_${source.name}-${suffix(`${source.root}\n${source.name}`)}`;
    const arn = `arn:aws:bedrock-agentcore:${region}:${account}:runtime/${id}`;
    return { id, arn, account, version: '1', source };
  });

  return {
    all,
    resolve(arnOrId, qualifier = DEFAULT_ENDPOINT) {
      const agent = all.find(({ arn, id }) => arnOrId === arn || arnOrId === id);
      if (!agent) {
        if (arnOrId.startsWith('arn:') && !ARN.test(arnOrId)) {
          throw invalid(
            `'${arnOrId}' is no ARN of an agent runtime; one looks like ${all[0]?.arn ?? 'arn:aws:bedrock-agentcore:REGION:ACCOUNT:runtime/ID'}`,
          );
        }
        const known = all.map(({ arn }) => arn).join(', ') || 'none';
        throw notFound(`No agent runtime '${arnOrId}' here. The emulator has: ${known}`);
      }
      if (qualifier !== DEFAULT_ENDPOINT) {
        throw notFound(
          `${agent.id} has no endpoint '${qualifier}'; the emulator has ${DEFAULT_ENDPOINT} only`,
        );
      }
      return { name: qualifier, agent };
    },
    summaries: (warm) =>
      all.map((agent) => ({
        runtimeId: agent.id,
        arn: agent.arn,
        name: agent.source.name,
        protocol: agent.source.protocol,
        language: agent.source.language,
        endpoints: [{ name: DEFAULT_ENDPOINT, version: agent.version }],
        status: 'READY',
        warm: warm(agent),
      })),
  };
}

/** What of an agent decides how its machines are made. */
export function codeOf({ id, source }: AgentRuntime): AgentCode {
  return {
    id,
    root: source.root,
    code: source.code,
    entrypoint: source.entrypoint,
    language: source.language,
    runtimeVersion: source.runtimeVersion,
    image: source.image ?? null,
    contractPort: protocols[source.protocol].port,
    mounts: source.mounts ?? [],
  };
}

// Ten letters and digits, as AWS appends them; from the project's place, so that an ARN that was
// pasted into a script yesterday still works today.
function suffix(seed: string): string {
  const digest = createHash('sha256').update(seed).digest();
  return BigInt(`0x${digest.toString('hex')}`)
    .toString(36)
    .slice(0, 10);
}
