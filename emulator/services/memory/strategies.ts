import type {
  CustomConfigurationInput,
  EpisodicReflectionConfigurationInput,
  MemoryRecordSchema,
  MemoryStrategy,
  MemoryStrategyInput,
  MemoryStrategyType,
  ModifyMemoryStrategyInput,
  NamespaceKeyEntry,
  OverrideType,
  StrategyConfiguration,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { invalid, notEmulated } from '../../wire/errors.ts';
import { newId } from '../../wire/newId.ts';

/** How a memory makes records of events; times are milliseconds. */
export interface Strategy {
  readonly strategyId: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly type: MemoryStrategyType;
  /** Where its records are, with variables in braces. */
  readonly namespace: string;
  readonly configuration?: StrategyConfiguration | undefined;
  readonly memoryRecordSchema?: MemoryRecordSchema | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What all kinds of strategy are made with. */
interface StrategySettings {
  readonly name: string | undefined;
  readonly description?: string | undefined;
  readonly namespaces?: string[] | undefined;
  readonly namespaceTemplates?: string[] | undefined;
  readonly memoryRecordSchema?: MemoryRecordSchema | undefined;
  readonly configuration?: CustomConfigurationInput | undefined;
  readonly reflectionConfiguration?: EpisodicReflectionConfigurationInput | undefined;
}

const types: Readonly<Record<string, MemoryStrategyType>> = {
  semanticMemoryStrategy: 'SEMANTIC',
  summaryMemoryStrategy: 'SUMMARIZATION',
  userPreferenceMemoryStrategy: 'USER_PREFERENCE',
  episodicMemoryStrategy: 'EPISODIC',
  customMemoryStrategy: 'CUSTOM',
};

/** What the parts of an override are called once it is a strategy's. */
interface OverrideNames {
  readonly type: OverrideType;
  readonly extraction?: string;
  readonly consolidation: string;
  readonly reflection?: string;
}

const overrides: Readonly<Record<string, OverrideNames>> = {
  semanticOverride: {
    type: 'SEMANTIC_OVERRIDE',
    extraction: 'semanticExtractionOverride',
    consolidation: 'semanticConsolidationOverride',
  },
  summaryOverride: { type: 'SUMMARY_OVERRIDE', consolidation: 'summaryConsolidationOverride' },
  userPreferenceOverride: {
    type: 'USER_PREFERENCE_OVERRIDE',
    extraction: 'userPreferenceExtractionOverride',
    consolidation: 'userPreferenceConsolidationOverride',
  },
  episodicOverride: {
    type: 'EPISODIC_OVERRIDE',
    extraction: 'episodicExtractionOverride',
    consolidation: 'episodicConsolidationOverride',
    reflection: 'episodicReflectionOverride',
  },
};

/** What the namespaces of a memory with these keys may name. */
export function namespaceVariables(keys: readonly NamespaceKeyEntry[] = []): string[] {
  return [
    'memoryStrategyId',
    'strategyId',
    'actorId',
    'sessionId',
    ...keys.flatMap(({ key }) => key ?? []),
  ];
}

const OF_ACTOR = '/strategy/{memoryStrategyId}/actor/{actorId}/';
const OF_SESSION = `${OF_ACTOR}session/{sessionId}/`;

/** Of a session's turns there is one summary, and the episodes are its own. */
const isOfSession = (type: MemoryStrategyType, override?: OverrideType) =>
  [type, override].some((kind) => /^(?:SUMMAR|EPISODIC)/.test(kind ?? ''));

/** A new strategy; `variables` are those that its namespace may have. */
export function newStrategy(
  input: MemoryStrategyInput,
  variables: readonly string[],
  now: number,
): Strategy {
  const [kind, settings] = Object.entries(input)[0] as [string, StrategySettings];
  const type = types[kind];
  if (type === undefined) throw notEmulated(`A memory strategy of kind ${kind}`);
  const { name = '', description, memoryRecordSchema } = settings;
  const configuration = configurationOf(settings);
  return {
    strategyId: newId(name),
    name,
    description,
    type,
    namespace:
      namespaceOf(name, settings, variables) ??
      (isOfSession(type, configuration?.type) ? OF_SESSION : OF_ACTOR),
    configuration,
    memoryRecordSchema,
    createdAt: now,
    updatedAt: now,
  };
}

/** A strategy with what an update changes of it. */
export function updateStrategy(
  strategy: Strategy,
  change: ModifyMemoryStrategyInput,
  variables: readonly string[],
  now: number,
): Strategy {
  const { configuration } = change;
  if (configuration?.selfManagedConfiguration) throw selfManaged();
  return {
    ...strategy,
    description: change.description ?? strategy.description,
    namespace: namespaceOf(strategy.name, change, variables) ?? strategy.namespace,
    configuration:
      configuration === undefined
        ? strategy.configuration
        : ({ ...strategy.configuration, ...configuration } as StrategyConfiguration),
    memoryRecordSchema: change.memoryRecordSchema ?? strategy.memoryRecordSchema,
    updatedAt: now,
  };
}

/** A strategy as the control plane shows it. */
export function toStrategy(strategy: Strategy): MemoryStrategy {
  const { namespace, createdAt, updatedAt, ...kept } = strategy;
  return {
    ...kept,
    namespaces: [namespace],
    namespaceTemplates: [namespace],
    status: 'ACTIVE',
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  };
}

/** The same the other way round, of a memory that is taken in from elsewhere. */
export function fromStrategy(shown: MemoryStrategy, variables: readonly string[]): Strategy {
  const { strategyId, name = '', description, type, configuration, memoryRecordSchema } = shown;
  const isKnown =
    type === 'CUSTOM'
      ? Object.values(overrides).some((names) => names.type === configuration?.type)
      : Object.values(types).includes(type!);
  if (!isKnown) {
    const kind = [type, configuration?.type].filter(Boolean).join(' ');
    throw invalid(
      `strategies: the type of ${name}, ${kind}, is none that is emulated: ${Object.values(types).join(', ')}; a custom one has a configuration with its type`,
    );
  }
  return {
    strategyId: strategyId!,
    name,
    description,
    type: type!,
    namespace:
      namespaceOf(name, shown, variables) ??
      (isOfSession(type!, configuration?.type) ? OF_SESSION : OF_ACTOR),
    configuration,
    memoryRecordSchema,
    createdAt: Number(shown.createdAt),
    updatedAt: Number(shown.updatedAt),
  };
}

function namespaceOf(
  strategy: string,
  { namespaces, namespaceTemplates }: Pick<StrategySettings, 'namespaces' | 'namespaceTemplates'>,
  variables: readonly string[],
): string | undefined {
  const [older] = namespaces ?? [];
  const [newer] = namespaceTemplates ?? [];
  if (older !== undefined && newer !== undefined && older !== newer) {
    throw invalid(
      `namespaceTemplates: '${newer}' of the strategy ${strategy} is not what its namespaces say, '${older}'; give one of them`,
    );
  }
  const namespace = newer ?? older;
  const unknown = namespace
    ?.match(/\{\w+\}/g)
    ?.find((variable) => !variables.includes(variable.slice(1, -1)));
  if (unknown === undefined) return namespace;
  throw invalid(
    `namespaceTemplates: '${namespace}' of the strategy ${strategy} has the variable ${unknown}; there are ${variables.map((name) => `{${name}}`).join(', ')}`,
  );
}

function configurationOf({
  configuration,
  reflectionConfiguration,
}: StrategySettings): StrategyConfiguration | undefined {
  if (reflectionConfiguration) {
    const { memoryRecordSchema, ...places } = reflectionConfiguration;
    const [template] = places.namespaceTemplates ?? places.namespaces ?? [OF_ACTOR];
    const namespaces = [template ?? OF_ACTOR];
    return {
      reflection: {
        episodicReflectionConfiguration: {
          namespaces,
          namespaceTemplates: namespaces,
          memoryRecordSchema,
        },
      },
    };
  }
  const [override, parts] = Object.entries(configuration ?? {})[0] ?? [];
  if (override === undefined) return undefined;
  if (override === 'selfManagedConfiguration') throw selfManaged();
  const names = overrides[override];
  if (!names) throw notEmulated(`A memory strategy's ${override}`);
  const given = parts as Readonly<Record<string, unknown>>;
  const part = (key: 'extraction' | 'consolidation' | 'reflection', around: string) =>
    given[key] === undefined || names[key] === undefined
      ? {}
      : { [key]: { [around]: { [names[key]]: given[key] } } };
  return {
    type: names.type,
    ...part('extraction', 'customExtractionConfiguration'),
    ...part('consolidation', 'customConsolidationConfiguration'),
    ...part('reflection', 'customReflectionConfiguration'),
  };
}

// It would have to tell the user's own pipeline, by a topic and a bucket of theirs.
const selfManaged = () => notEmulated('A self-managed memory strategy');
