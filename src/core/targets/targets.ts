import type { ChatAgent } from '../../shared/chat/agent.ts';
import type { Tool } from '../../shared/tools.ts';
import {
  readRuntimeArn,
  targetId,
  type AwsAccount,
  type AwsRequest,
  type AwsView,
  type DeployedTarget,
  type Lifecycle,
  type RuntimeDetails,
  type RuntimeEntry,
} from '../../shared/targets.ts';
import type { Loadable } from '../../shared/loadable.ts';
import { createEmitter } from '../emitter.ts';
import type { SessionReading } from '../chat/session/reading.ts';
import type { ChatActivity, SessionOf, Sessions } from '../chat/session/sessionWatch.ts';
import type { ChatSource, ToolPlace } from '../chat/source/source.ts';
import type { Invoke } from '../chat/turns/turnRunner.ts';
import { createEstimatedSession, type EstimatedSession } from './estimatedSession.ts';
import type { ProtocolClient } from '../agents/protocolClient.ts';
import type { CallOptions } from './protocols/protocolClients.ts';

/** Agents to talk to, and how. */
export interface Agents {
  readonly source: ChatSource;
  readonly invoke: Invoke;
  /** The tools that an agent of MCP has. */
  readonly tools: (place: ToolPlace, signal: AbortSignal) => Promise<readonly Tool[]>;
  readonly sessions: Sessions;
}

/** What is asked of AWS. */
export interface Aws {
  readAccount(profile: string | undefined): Promise<AwsAccount>;
  listRuntimes(asker: { profile: string; region: string }): Promise<readonly RuntimeEntry[]>;
  lookUp(asker: { profile: string; arn: string }): Promise<RuntimeDetails>;
  /** How long the sessions of a target's runtime live; rejects where that may not be asked. */
  readLifecycle(target: DeployedTarget): Promise<Lifecycle>;
  /** The line to a target; nothing is sent before it is used. */
  connect(target: DeployedTarget): DeployedLine;
}

/** A line to a runtime in AWS. */
export interface DeployedLine {
  /** Talks for one actor at a time. */
  readonly speakerFor: (manner: CallOptions) => ProtocolClient;
  stopSession(sessionId: string): Promise<void>;
  destroy(): void;
}

/** Where targets outlive the window. */
export interface TargetMemory {
  read(): readonly DeployedTarget[];
  write(targets: readonly DeployedTarget[]): void;
}

const UNASKED = { state: 'idle' } as const;

/** The local agents, and besides them those in AWS that the user has named. */
export function createTargets({
  local,
  aws,
  memory,
  now,
}: {
  readonly local: Agents;
  readonly aws: Aws;
  readonly memory: TargetMemory;
  /** The time, in milliseconds. */
  readonly now: () => number;
}): Agents & { dispose(): void } {
  const { subscribe, emit } = createEmitter();
  const lines = new Map<string, DeployedLine>();
  let targets = new Map(memory.read().map((target) => [targetId(target), target]));
  let view: AwsView = { account: UNASKED, runtimes: UNASKED, details: UNASKED };
  const asked = new Set<string>();
  const followed = new Set<{ readonly place: SessionOf; readonly session: EstimatedSession }>();
  const unfollow = local.source.onChange(emit);

  function show(change: Partial<AwsView>): void {
    view = { ...view, ...change };
    emit();
  }

  /** Asks for a part of the view; what was asked for it before is of no matter any more. */
  async function ask(part: keyof AwsView, question: () => Promise<unknown>) {
    const asking = { state: 'loading' } as const;
    show({ [part]: asking });
    let told: Loadable<unknown>;
    try {
      told = { state: 'loaded', value: await question() };
    } catch (error) {
      const { name, message } = error as Error;
      told = { state: 'failed', message: `${name}: ${message}` };
    }
    if (view[part] === asking) show({ [part]: told });
  }

  function keep(changed: ReadonlyMap<string, DeployedTarget>): void {
    targets = new Map(changed);
    memory.write([...targets.values()]);
    emit();
  }

  function lineTo(id: string): DeployedLine | null {
    const target = targets.get(id);
    if (!target) return null;
    const line = lines.get(id) ?? aws.connect(target);
    lines.set(id, line);
    return line;
  }

  /** Asks for it once, with the first turn: what is reckoned until then is reckoned by what was kept. */
  async function learnLifecycle(id: string): Promise<void> {
    const target = targets.get(id);
    if (!target || asked.has(id)) return;
    asked.add(id);
    try {
      const lifecycle = await aws.readLifecycle(target);
      const known = targets.get(id);
      if (known) keep(new Map([...targets, [id, { ...known, lifecycle }]]));
    } catch {
      // Who may talk to an agent need not be allowed to look it up.
    }
    for (const { place, session } of followed) if (place.agent === id) session.refresh();
  }

  /** AWS does not tell what becomes of a session. */
  function followDeployed(
    place: SessionOf,
    onReading: (reading: SessionReading) => void,
    own: ChatActivity,
  ): () => void {
    const session = createEstimatedSession({
      own: {
        ...own,
        onTurn(listener) {
          own.onTurn((phase) => {
            listener(phase);
            if (phase === 'begins') void learnLifecycle(place.agent);
          });
        },
      },
      now,
      lifecycle: () => targets.get(place.agent)?.lifecycle ?? null,
      onReading,
    });
    const following = { place, session };
    followed.add(following);
    return () => {
      session.close();
      followed.delete(following);
    };
  }

  async function stop(place: SessionOf): Promise<void> {
    const line = lineTo(place.agent);
    if (!line) return local.sessions.stop(place);
    await line.stopSession(place.sessionId);
    for (const { place: other, session } of followed) {
      const isMeant = other.agent === place.agent && other.sessionId === place.sessionId;
      if (isMeant) session.markStopped();
    }
  }

  function drop(id: string): void {
    lines.get(id)?.destroy();
    lines.delete(id);
  }

  function request(wanted: AwsRequest): void {
    switch (wanted.type) {
      case 'readAccount':
        // What was listed and looked up was another's.
        show({ runtimes: UNASKED, details: UNASKED });
        return void ask('account', () => aws.readAccount(wanted.profile));
      case 'listRuntimes':
        return void ask('runtimes', () => aws.listRuntimes(wanted));
      case 'lookUp':
        return void ask('details', () => aws.lookUp(wanted));
      case 'addTarget': {
        const id = targetId(wanted.target);
        drop(id);
        return keep(new Map([...targets, [id, wanted.target]]));
      }
      case 'removeTarget':
        drop(wanted.agent);
        return keep(new Map([...targets].filter(([id]) => id !== wanted.agent)));
    }
  }

  return {
    source: {
      now() {
        const { connection, agents } = local.source.now();
        return { connection, agents: [...agents, ...[...targets].map(agentOf)], aws: view };
      },
      onChange: subscribe,
      ...(local.source.look && { look: local.source.look }),
      ...(local.source.reconnect && { reconnect: local.source.reconnect }),
      aws: request,
    },
    invoke: async (prompt, signal) =>
      lineTo(prompt.agent)?.speakerFor(prompt).send(prompt, signal) ?? local.invoke(prompt, signal),
    tools: async ({ agent, sessionId, actorId }, signal) =>
      lineTo(agent)?.speakerFor({ actorId, transport: 'http' }).listTools?.(sessionId, signal) ??
      local.tools({ agent, sessionId, actorId }, signal),
    sessions: {
      follow: (place, onReading, own) =>
        targets.has(place.agent)
          ? followDeployed(place, onReading, own)
          : local.sessions.follow(place, onReading, own),
      machines: async (session) =>
        targets.has(session.agent) ? null : ((await local.sessions.machines?.(session)) ?? null),
      stop,
    },
    dispose() {
      unfollow();
      for (const id of lines.keys()) drop(id);
    },
  };
}

function agentOf([id, { arn, qualifier, protocol, authorization }]: [
  string,
  DeployedTarget,
]): ChatAgent {
  const { name, region, account } = readRuntimeArn(arn)!;
  return { id, name, protocol, deployment: { region, account, qualifier, authorization } };
}
