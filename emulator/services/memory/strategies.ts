import type {
  CustomConfigurationInput,
  EpisodicReflectionConfigurationInput,
  MemoryRecordSchema,
  MemoryStrategy,
  MemoryStrategyInput,
  MemoryStrategyStatus,
  MemoryStrategyType,
  ModifyMemoryStrategyInput,
  NamespaceKeyEntry,
  OverrideType,
  StrategyConfiguration,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { invalid, notEmulated } from '../../wire/errors.ts';
import { newId } from '../../wire/newId.ts';
import { ACTOR_NAMESPACE, SESSION_NAMESPACE } from './defaultNamespaces.ts';
import { buildEpisodicConfiguration } from './reflection.ts';

/** A strategy of a memory. Times are in milliseconds. */
export interface Strategy {
  readonly strategyId: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly type: MemoryStrategyType;
  /** Namespace template of its records, with variables in braces. */
  readonly namespace: string;
  readonly configuration?: StrategyConfiguration | undefined;
  readonly memoryRecordSchema?: MemoryRecordSchema | undefined;
  /** Days after which new records expire. Absent if they do not. */
  readonly recordExpiryDurationDays?: number | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Input members of all types of strategy. */
interface StrategySettings {
  readonly name: string | undefined;
  readonly description?: string | undefined;
  readonly namespaces?: string[] | undefined;
  readonly namespaceTemplates?: string[] | undefined;
  readonly memoryRecordSchema?: MemoryRecordSchema | undefined;
  readonly recordExpirySpecification?: ModifyMemoryStrategyInput['recordExpirySpecification'];
  readonly configuration?: CustomConfigurationInput | undefined;
  readonly reflectionConfiguration?: EpisodicReflectionConfigurationInput | undefined;
}

/** Types of strategies by their member in the input. */
export const strategyTypes: Readonly<Record<string, MemoryStrategyType>> = {
  semanticMemoryStrategy: 'SEMANTIC',
  summaryMemoryStrategy: 'SUMMARIZATION',
  userPreferenceMemoryStrategy: 'USER_PREFERENCE',
  episodicMemoryStrategy: 'EPISODIC',
  customMemoryStrategy: 'CUSTOM',
};

/** Names of an override's parts in the output of a strategy. */
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

/** Returns the variables that namespaces of a memory with these keys may use. */
export function namespaceVariables(keys: readonly NamespaceKeyEntry[] = []): string[] {
  return [
    'memoryStrategyId',
    'strategyId',
    'actorId',
    'sessionId',
    ...keys.flatMap(({ key }) => key ?? []),
  ];
}

/** True for summaries and episodes, which belong to one session. */
const isPerSession = (type: MemoryStrategyType, override?: OverrideType) =>
  [type, override].some((kind) => /^(?:SUMMAR|EPISODIC)/.test(kind ?? ''));

/** Creates a strategy. `variables` are the variables that its namespace may use. */
export function newStrategy(
  input: MemoryStrategyInput,
  variables: readonly string[],
  now: number,
): Strategy {
  const [kind, settings] = Object.entries(input)[0] as [string, StrategySettings];
  const type = strategyTypes[kind];
  if (type === undefined) throw notEmulated(`A memory strategy of kind ${kind}`);
  const { name = '', description, memoryRecordSchema, recordExpirySpecification } = settings;
  if (recordExpirySpecification?.action !== undefined) throw removesNoExpiry(`strategy ${name}`);
  const override = readOverride(settings);
  const namespace =
    readNamespace(name, settings, variables) ??
    (isPerSession(type, override?.type) ? SESSION_NAMESPACE : ACTOR_NAMESPACE);
  return {
    strategyId: newId(name),
    name,
    description,
    type,
    namespace,
    configuration:
      type === 'EPISODIC'
        ? buildEpisodicConfiguration(settings.reflectionConfiguration, namespace)
        : override,
    memoryRecordSchema,
    recordExpiryDurationDays: recordExpirySpecification?.recordExpiryDurationDays,
    createdAt: now,
    updatedAt: now,
  };
}

/** Returns a strategy with the changes of an update. */
export function updateStrategy(
  strategy: Strategy,
  change: ModifyMemoryStrategyInput,
  variables: readonly string[],
  now: number,
): Strategy {
  const { configuration } = change;
  if (configuration?.selfManagedConfiguration) throw selfManagedNotEmulated();
  const namespace = readNamespace(strategy.name, change, variables) ?? strategy.namespace;
  const reflection = configuration?.reflection?.episodicReflectionConfiguration;
  return {
    ...strategy,
    description: change.description ?? strategy.description,
    namespace,
    configuration:
      configuration === undefined
        ? strategy.configuration
        : ({
            ...strategy.configuration,
            ...configuration,
            ...(reflection && buildEpisodicConfiguration(reflection, namespace)),
          } as StrategyConfiguration),
    memoryRecordSchema: change.memoryRecordSchema ?? strategy.memoryRecordSchema,
    recordExpiryDurationDays: change.recordExpirySpecification
      ? change.recordExpirySpecification.recordExpiryDurationDays
      : strategy.recordExpiryDurationDays,
    updatedAt: now,
  };
}

/** Converts a strategy to the output of the control plane. */
export function toStrategy(strategy: Strategy, status: MemoryStrategyStatus): MemoryStrategy {
  const { namespace, createdAt, updatedAt, ...settings } = strategy;
  return {
    ...settings,
    namespaces: [namespace],
    namespaceTemplates: [namespace],
    status,
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  };
}

/** Converts the output form of an imported strategy to a stored strategy. */
export function fromStrategy(output: MemoryStrategy, variables: readonly string[]): Strategy {
  const { strategyId, name = '', description, type, configuration, memoryRecordSchema } = output;
  const isKnown =
    type === 'CUSTOM'
      ? Object.values(overrides).some((names) => names.type === configuration?.type)
      : Object.values(strategyTypes).includes(type!);
  if (!isKnown) {
    const kind = [type, configuration?.type].filter(Boolean).join(' ');
    throw invalid(
      `strategies: strategy ${name} has the type ${kind}, which is not emulated. Types: ${Object.values(strategyTypes).join(', ')}. A custom strategy needs a configuration with a type.`,
    );
  }
  const namespace =
    readNamespace(name, output, variables) ??
    (isPerSession(type!, configuration?.type) ? SESSION_NAMESPACE : ACTOR_NAMESPACE);
  return {
    strategyId: strategyId!,
    name,
    description,
    type: type!,
    namespace,
    configuration:
      type === 'EPISODIC'
        ? buildEpisodicConfiguration(
            configuration?.reflection?.episodicReflectionConfiguration,
            namespace,
          )
        : configuration,
    memoryRecordSchema,
    recordExpiryDurationDays: output.recordExpiryDurationDays,
    createdAt: Number(output.createdAt),
    updatedAt: Number(output.updatedAt),
  };
}

function readNamespace(
  strategy: string,
  { namespaces, namespaceTemplates }: Pick<StrategySettings, 'namespaces' | 'namespaceTemplates'>,
  variables: readonly string[],
): string | undefined {
  const [legacy] = namespaces ?? [];
  const [template] = namespaceTemplates ?? [];
  if (legacy !== undefined && template !== undefined && legacy !== template) {
    throw invalid(
      `namespaceTemplates: '${template}' of strategy ${strategy} differs from '${legacy}' in namespaces. Give only one of them.`,
    );
  }
  const namespace = template ?? legacy;
  const unknown = namespace
    ?.match(/\{\w+\}/g)
    ?.find((variable) => !variables.includes(variable.slice(1, -1)));
  if (unknown === undefined) return namespace;
  throw invalid(
    `namespaceTemplates: '${namespace}' of strategy ${strategy} has the unknown variable ${unknown}. Variables: ${variables.map((name) => `{${name}}`).join(', ')}`,
  );
}

/** Returns the configuration of a custom strategy. */
function readOverride({
  configuration,
}: Pick<StrategySettings, 'configuration'>): StrategyConfiguration | undefined {
  const [override, parts] = Object.entries(configuration ?? {})[0] ?? [];
  if (override === undefined) return undefined;
  if (override === 'selfManagedConfiguration') throw selfManagedNotEmulated();
  const names = overrides[override];
  if (!names) throw notEmulated(`A memory strategy's ${override}`);
  const overrideParts = parts as Readonly<Record<string, unknown>>;
  const part = (key: 'extraction' | 'consolidation' | 'reflection', wrapper: string) =>
    overrideParts[key] === undefined || names[key] === undefined
      ? {}
      : { [key]: { [wrapper]: { [names[key]]: overrideParts[key] } } };
  return {
    type: names.type,
    ...part('extraction', 'customExtractionConfiguration'),
    ...part('consolidation', 'customConsolidationConfiguration'),
    ...part('reflection', 'customReflectionConfiguration'),
  };
}

/** The error of a create operation that would remove an expiry. */
export const removesNoExpiry = (subject: string) =>
  invalid(
    `recordExpirySpecification: The action REMOVE does not apply to ${subject}, which is new. Pass recordExpiryDurationDays, or omit the specification.`,
  );

// It would have to notify the user's own pipeline through an SNS topic and an S3 bucket.
const selfManagedNotEmulated = () => notEmulated('A self-managed memory strategy');
