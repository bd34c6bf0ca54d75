import type {
  EpisodicReflectionConfigurationInput,
  OverrideType,
  StrategyConfiguration,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { ACTOR_NAMESPACE } from './defaultNamespaces.ts';

/** AWS returns this type, which the SDK's type does not have. */
const EPISODIC_TYPE = 'EPISODIC' as OverrideType;

/** Returns the configuration of an episodic strategy, which has a reflection also when none is given. */
export function buildEpisodicConfiguration(
  reflection: EpisodicReflectionConfigurationInput | undefined,
  episodicNamespace: string,
): StrategyConfiguration {
  const { namespaces, namespaceTemplates, memoryRecordSchema } = reflection ?? {};
  const [template = chooseDefaultNamespace(episodicNamespace)] =
    namespaceTemplates ?? namespaces ?? [];
  return {
    type: EPISODIC_TYPE,
    reflection: {
      episodicReflectionConfiguration: {
        namespaces: [template],
        namespaceTemplates: [template],
        memoryRecordSchema,
      },
    },
  };
}

/** Returns the namespace of a strategy's reflections if it has any. */
export function findReflectionNamespace({ reflection }: StrategyConfiguration): string | undefined {
  const { namespaces, namespaceTemplates } =
    reflection?.episodicReflectionConfiguration ??
    reflection?.customReflectionConfiguration?.episodicReflectionOverride ??
    {};
  return (namespaceTemplates ?? namespaces)?.[0];
}

/** Reflections combine the episodes below their namespace. */
function chooseDefaultNamespace(episodicNamespace: string): string {
  return episodicNamespace.startsWith(ACTOR_NAMESPACE) ? ACTOR_NAMESPACE : episodicNamespace;
}
