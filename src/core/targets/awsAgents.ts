import type { Agent } from '../../shared/agent.ts';
import type {
  AwsAccount,
  AwsView,
  Lifecycle,
  RuntimeDetails,
  RuntimeEntry,
} from '../../shared/aws.ts';
import type { AwsRequest } from '../../shared/schemas/viewMessage.ts';
import { parseRuntimeArn, targetId, type Target } from '../../shared/target.ts';
import type { TargetClient } from '../agents/invocation.ts';
import type { TargetConnection } from '../agents/targetConnection.ts';
import type { AwsAgents, Tokens } from '../agents/agentRegistry.ts';
import type { ChatActivity, SessionReading } from '../agents/session.ts';
import { createEmitter } from '../emitter.ts';
import { createEstimatedSession, type EstimatedSession } from './estimatedSession.ts';
import { load } from '../load.ts';
import type { OpenClient } from './openClient.ts';
import { createProtocolClient } from './protocols/protocolClients.ts';

/** Reads accounts and runtimes from AWS. */
export interface AwsDirectory {
  readAccount(profile: string | undefined): Promise<AwsAccount>;
  listRuntimes(query: { profile: string; region: string }): Promise<readonly RuntimeEntry[]>;
  lookUp(query: { profile: string; arn: string }): Promise<RuntimeDetails>;
  /** Session timeouts of a target's runtime; rejects if the caller may not read them. */
  readLifecycle(target: Target): Promise<Lifecycle>;
}

/** A target that the user added. */
export interface SavedTarget {
  readonly target: Target;
  /** Last known session timeouts; absent before they are read. */
  readonly lifecycle?: Lifecycle;
}

/** Keeps the user's targets. */
export interface TargetStore {
  read(): readonly SavedTarget[];
  write(targets: readonly SavedTarget[]): void;
}

/** Dependencies of the agents in AWS. */
export interface AwsAgentsOptions {
  readonly directory: AwsDirectory;
  readonly store: TargetStore;
  readonly openClient: OpenClient;
  readonly tokens: Pick<Tokens, 'save'>;
  /** The time, in milliseconds. */
  readonly now: () => number;
}

/** An agent in use. */
interface OpenAgent {
  readonly connection: TargetConnection;
  readonly close: () => void;
}

/** A session that a chat follows. */
interface FollowedSession {
  readonly agent: string;
  readonly sessionId: string;
  readonly estimate: EstimatedSession;
}

/** Maximum session endpoints to remember. */
const MAX_ENDPOINT_URLS = 1_000;

const IDLE = { state: 'idle' } as const;

/** The agents in AWS that the user added. */
export function createAwsAgents({
  directory,
  store,
  openClient,
  tokens,
  now,
}: AwsAgentsOptions): AwsAgents {
  const { subscribe, emit } = createEmitter();
  let saved = new Map(store.read().map((entry) => [targetId(entry.target), entry]));
  let view: AwsView = { account: IDLE, runtimes: IDLE, details: IDLE };
  const open = new Map<string, OpenAgent>();
  const followed = new Set<FollowedSession>();
  /** URLs of session endpoints by agent and session. */
  const endpointUrls = new Map<string, string>();
  /** Agents whose lifecycle was requested. */
  const requested = new Set<string>();

  function show(change: Partial<AwsView>): void {
    view = { ...view, ...change };
    emit();
  }

  /** Loads a part of the view. A later load of the same part replaces this one. */
  function loadPart(part: keyof AwsView, read: () => Promise<unknown>): void {
    load(
      read,
      (loadable) => show({ [part]: loadable }),
      () => view[part],
    );
  }

  function save(changed: ReadonlyMap<string, SavedTarget>): void {
    saved = new Map(changed);
    store.write([...saved.values()]);
    emit();
  }

  /** Reads the lifecycle once, with the first turn. Until then the saved one serves. */
  async function readLifecycle(id: string): Promise<void> {
    const entry = saved.get(id);
    if (!entry || requested.has(id)) return;
    requested.add(id);
    try {
      const lifecycle = await directory.readLifecycle(entry.target);
      const current = saved.get(id);
      if (current) save(new Map([...saved, [id, { ...current, lifecycle }]]));
    } catch {
      // A caller who may invoke a runtime may not be allowed to read it.
    }
    for (const { agent, estimate } of followed) if (agent === id) estimate.refresh();
  }

  /** AWS reports no session state, so it is estimated. */
  function follow(
    agent: string,
    sessionId: string,
    onReading: (reading: SessionReading) => void,
    activity: ChatActivity,
  ): () => void {
    const estimate = createEstimatedSession({
      activity: {
        ...activity,
        onTurn(listener) {
          activity.onTurn((phase) => {
            listener(phase);
            if (phase === 'started') void readLifecycle(agent);
          });
        },
      },
      now,
      lifecycle: () => saved.get(agent)?.lifecycle ?? null,
      onReading: (reading) => onReading(withServers(reading, agent, sessionId)),
    });
    const session = { agent, sessionId, estimate };
    followed.add(session);
    return () => {
      estimate.close();
      followed.delete(session);
    };
  }

  function withServers(reading: SessionReading, agent: string, sessionId: string): SessionReading {
    const url = endpointUrls.get(sessionKey(agent, sessionId));
    // A browser can neither sign requests nor send bearer tokens with them.
    return { ...reading, servers: url === undefined ? null : { url, pages: null } };
  }

  /** Remembers the URLs of session endpoints. */
  function observe(agent: string, client: TargetClient): TargetClient {
    return {
      ...client,
      async invoke(invocation, signal) {
        const response = await client.invoke(invocation, signal);
        const key = sessionKey(agent, invocation.sessionId);
        endpointUrls.delete(key);
        if (response.sessionEndpointUrl !== undefined) {
          endpointUrls.set(key, response.sessionEndpointUrl);
          const [oldest] = endpointUrls.keys();
          if (endpointUrls.size > MAX_ENDPOINT_URLS) endpointUrls.delete(oldest!);
        }
        return response;
      },
    };
  }

  function openAgent(id: string, target: Target): OpenAgent {
    const client = observe(id, openClient(target));
    return {
      connection: {
        createClient: (options) => createProtocolClient(target.protocol, client, options),
        followSession: (sessionId, onReading, activity) =>
          follow(id, sessionId, onReading, activity),
        readMachines: async () => null,
        readModels: async () => null,
        chooseModel: () =>
          Promise.reject(new Error('In AWS, the agent’s code chooses its models.')),
        async stopSession(sessionId) {
          await client.stopSession(sessionId);
          for (const session of followed) {
            if (session.agent === id && session.sessionId === sessionId)
              session.estimate.markStopped();
          }
        },
      },
      close: client.destroy,
    };
  }

  function closeAgent(id: string): void {
    open.get(id)?.close();
    open.delete(id);
  }

  return {
    agents: () => Array.from(saved.values(), ({ target }) => toAgent(target)),
    onChange: subscribe,
    connect(id) {
      const target = saved.get(id)?.target;
      if (!target) return null;
      const agent = open.get(id) ?? openAgent(id, target);
      open.set(id, agent);
      return agent.connection;
    },
    view: () => view,
    request(request: AwsRequest) {
      switch (request.type) {
        case 'readAccount':
          // Runtimes and details belong to the previous account.
          show({ runtimes: IDLE, details: IDLE });
          return loadPart('account', () => directory.readAccount(request.profile));
        case 'listRuntimes':
          return loadPart('runtimes', () => directory.listRuntimes(request));
        case 'lookUp':
          return loadPart('details', () => directory.lookUp(request));
        case 'addTarget': {
          const { target } = request;
          const id = targetId(target);
          closeAgent(id);
          return save(new Map([...saved, [id, { target }]]));
        }
        case 'removeTarget':
          closeAgent(request.agent);
          tokens.save(request.agent, undefined);
          return save(new Map([...saved].filter(([id]) => id !== request.agent)));
      }
    },
    close() {
      for (const id of open.keys()) closeAgent(id);
    },
  };
}

function sessionKey(agent: string, sessionId: string): string {
  return `${agent} ${sessionId}`;
}

function toAgent(target: Target): Agent {
  return { id: targetId(target), name: parseRuntimeArn(target.runtimeArn)!.name, target };
}
