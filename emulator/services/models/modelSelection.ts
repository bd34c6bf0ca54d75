import { DEFAULT_MODEL, MODEL_SPEC_FORM, parseModelSpec } from '../../../src/shared/modelSpec.ts';
import type { ModelSpec } from '../../../src/shared/modelSpec.ts';
import type { ModelChoices } from '../../../src/shared/schemas/adminApi.ts';
import type { Caller } from '../../caller.ts';
import type { ModelBackend } from './modelBackend.ts';
import type { SelectedBackend } from './modelCalls.ts';
import { ModelError } from './modelError.ts';

/** The calls that a choice applies to: those of a session, of an agent, or all others. */
export type ChoiceScope =
  | { readonly type: 'default' }
  | { readonly type: 'agent'; readonly agent: string }
  | { readonly type: 'session'; readonly runtimeId: string; readonly sessionId: string };

/** Chooses the backend of each call. A session's choice comes before its agent's. */
export interface ModelSelection {
  /** The name of the backend for a caller. */
  nameFor(caller: Caller | null): string;
  select(caller: Caller | null): Promise<SelectedBackend>;
  /** Opens a backend by name without choosing it. Throws a ModelError if it cannot be opened. */
  open(model: string): Promise<SelectedBackend>;
  read(): ModelChoices;
  /** Chooses a backend by name; null removes the choice. Throws a ModelError if it cannot be opened. */
  choose(scope: ChoiceScope, model: string | null): Promise<void>;
  close(): Promise<void>;
}

/** Maximum choices of sessions to keep. The oldest are removed. */
const MAX_SESSIONS = 10_000;

export async function createModelSelection(
  initial: {
    readonly model?: string | undefined;
    readonly agentModels?: Readonly<Record<string, string>> | undefined;
  },
  open: (spec: ModelSpec) => Promise<ModelBackend>,
): Promise<ModelSelection> {
  const backends = new Map<string, Promise<ModelBackend>>();
  const tokenReaders = new Map<string, NonNullable<ModelBackend['readTokens']>>();
  let defaultModel = DEFAULT_MODEL;
  const ofAgents = new Map<string, string>();
  const ofSessions = new Map<string, ModelChoices['sessions'][number]>();

  /** Opens a backend once, and again after a failure. */
  async function openOnce(name: string): Promise<ModelBackend> {
    const spec = parseModelSpec(name);
    if (!spec) {
      throw new ModelError('invalid', `'${name}' is not a model backend. Use ${MODEL_SPEC_FORM}.`);
    }
    const opening = backends.get(name) ?? open(spec);
    backends.set(name, opening);
    try {
      const backend = await opening;
      if (backend.readTokens) tokenReaders.set(name, backend.readTokens);
      return backend;
    } catch (error) {
      backends.delete(name);
      throw error;
    }
  }

  async function openNamed(name: string): Promise<SelectedBackend> {
    const backend = await openOnce(name);
    const spec = parseModelSpec(name)!;
    return {
      name,
      backend,
      model: 'model' in spec ? spec.model : null,
      isCharged: isCharged(spec),
    };
  }

  function nameFor(caller: Caller | null): string {
    if (caller === null) return defaultModel;
    const session = caller.session();
    const ofSession = session && ofSessions.get(sessionKey(session.run));
    return ofSession?.model ?? ofAgents.get(caller.agent.source.name) ?? defaultModel;
  }

  async function choose(scope: ChoiceScope, model: string | null): Promise<void> {
    if (model !== null) await openOnce(model);
    switch (scope.type) {
      case 'default':
        defaultModel = model ?? DEFAULT_MODEL;
        break;
      case 'agent':
        set(ofAgents, scope.agent, model);
        break;
      case 'session': {
        const { runtimeId, sessionId } = scope;
        set(ofSessions, sessionKey(scope), model && { runtimeId, sessionId, model });
        const [oldest] = ofSessions.keys();
        if (ofSessions.size > MAX_SESSIONS) ofSessions.delete(oldest!);
      }
    }
  }

  // The offline model always opens. It is loaded with the first call, which many agents never make.
  if (initial.model !== undefined && initial.model !== DEFAULT_MODEL) {
    await choose({ type: 'default' }, initial.model);
  }
  for (const [agent, model] of Object.entries(initial.agentModels ?? {})) {
    await choose({ type: 'agent', agent }, model);
  }

  return {
    nameFor,
    select: async (caller) => openNamed(nameFor(caller)),
    open: openNamed,
    read: () => ({
      default: defaultModel,
      agents: Object.fromEntries(ofAgents),
      sessions: [...ofSessions.values()],
      tokens: [...tokenReaders].flatMap(([model, readTokens]) =>
        readTokens().map(({ name, state, remaining }) => ({ model, name, state, remaining })),
      ),
    }),
    choose,
    async close() {
      // A backend that could not be opened has nothing to close.
      const opened = await Promise.allSettled(backends.values());
      await Promise.all(
        opened.map(async (each) => each.status === 'fulfilled' && each.value.close?.()),
      );
    },
  };
}

/** An OpenAI-compatible server may be free. The price then depends on its model's name. */
function isCharged({ kind }: ModelSpec): boolean {
  return kind === 'anthropic' || kind === 'bedrock' || kind === 'openai';
}

function set<Value>(map: Map<string, Value>, key: string, value: Value | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}

function sessionKey({ runtimeId, sessionId }: { runtimeId: string; sessionId: string }): string {
  return `${runtimeId} ${sessionId}`;
}
