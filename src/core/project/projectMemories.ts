import type { MemoryStrategyInput } from '@aws-sdk/client-bedrock-agentcore-control';
import * as z from 'zod';
import { resourceName, tags } from './schemaText.ts';

const templates = z.array(z.string()).min(1).optional();

const strategy = z
  .object({
    type: z.enum(['SEMANTIC', 'SUMMARIZATION', 'USER_PREFERENCE', 'EPISODIC']),
    name: resourceName.optional(),
    description: z.string().optional(),
    namespaceTemplates: templates,
    namespaces: templates,
    reflectionNamespaceTemplates: templates,
    reflectionNamespaces: templates,
  })
  .refine(
    ({ namespaceTemplates, namespaces }) => !namespaceTemplates || !namespaces,
    'has both namespaces and namespaceTemplates. Use namespaceTemplates, which is the newer name.',
  );

const DAYS = 'a whole number of days from 3 to 365';

/** An entry of `memories` in agentcore.json. */
export const memory = z.looseObject({
  name: resourceName,
  eventExpiryDuration: z.int(DAYS).min(3, DAYS).max(365, DAYS),
  strategies: z.array(strategy).default([]),
  indexedKeys: z
    .array(z.object({ key: z.string(), type: z.enum(['STRING', 'STRINGLIST', 'NUMBER']) }))
    .optional(),
  tags: tags.optional(),
  encryptionKeyArn: z.string().optional(),
  executionRoleArn: z.string().optional(),
});

/** A memory of the project, as input of CreateMemory. */
export interface ProjectMemory {
  readonly name: string;
  readonly eventExpiryDuration: number;
  readonly memoryStrategies: MemoryStrategyInput[];
  readonly indexedKeys?: { key: string; type: 'STRING' | 'STRINGLIST' | 'NUMBER' }[] | undefined;
  readonly tags?: Record<string, string> | undefined;
  readonly encryptionKeyArn?: string | undefined;
  readonly memoryExecutionRoleArn?: string | undefined;
}

/** Converts an entry of the file to what a deployment creates. */
export function readMemory(entry: z.output<typeof memory>): ProjectMemory {
  return {
    name: entry.name,
    eventExpiryDuration: entry.eventExpiryDuration,
    memoryStrategies: entry.strategies.map((each) => readStrategy(entry.name, each)),
    indexedKeys: entry.indexedKeys,
    tags: entry.tags,
    encryptionKeyArn: entry.encryptionKeyArn,
    memoryExecutionRoleArn: entry.executionRoleArn,
  };
}

function readStrategy(memoryName: string, entry: z.output<typeof strategy>): MemoryStrategyInput {
  const { type, description } = entry;
  const settings = {
    name: entry.name ?? `${memoryName}_${type.toLowerCase()}`.slice(0, 48),
    description,
    namespaceTemplates: entry.namespaceTemplates ?? entry.namespaces,
  };
  switch (type) {
    case 'SEMANTIC':
      return { semanticMemoryStrategy: settings };
    case 'SUMMARIZATION':
      return { summaryMemoryStrategy: settings };
    case 'USER_PREFERENCE':
      return { userPreferenceMemoryStrategy: settings };
    case 'EPISODIC': {
      const reflection = entry.reflectionNamespaceTemplates ?? entry.reflectionNamespaces;
      return {
        episodicMemoryStrategy: {
          ...settings,
          reflectionConfiguration: reflection && { namespaceTemplates: reflection },
        },
      };
    }
  }
}
