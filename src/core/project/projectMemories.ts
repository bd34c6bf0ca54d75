import type { MemoryStrategyInput } from '@aws-sdk/client-bedrock-agentcore-control';
import * as z from 'zod';

const NAME = 'a letter, then up to 47 letters, digits or _';
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,47}$/, NAME);
const templates = z.array(z.string()).min(1).optional();

const strategy = z
  .object({
    type: z.enum(['SEMANTIC', 'SUMMARIZATION', 'USER_PREFERENCE', 'EPISODIC']),
    name: name.optional(),
    description: z.string().optional(),
    namespaceTemplates: templates,
    namespaces: templates,
    reflectionNamespaceTemplates: templates,
    reflectionNamespaces: templates,
  })
  .refine(
    ({ namespaceTemplates, namespaces }) => !namespaceTemplates || !namespaces,
    'namespaces and namespaceTemplates exclude each other; the second is the newer name',
  );

const DAYS = 'a whole number of days from 3 to 365';

/** The memories of a project, as the official CLI's file has them. */
export const memories = z
  .array(
    z.looseObject({
      name,
      eventExpiryDuration: z.int(DAYS).min(3, DAYS).max(365, DAYS),
      strategies: z.array(strategy).default([]),
      indexedKeys: z
        .array(z.object({ key: z.string(), type: z.enum(['STRING', 'STRINGLIST', 'NUMBER']) }))
        .optional(),
      tags: z.record(z.string(), z.string()).optional(),
      encryptionKeyArn: z.string().optional(),
      executionRoleArn: z.string().optional(),
    }),
  )
  .refine(
    (all) => new Set(all.map((memory) => memory.name.toUpperCase())).size === all.length,
    'two memories have the same name, or names that make the same MEMORY_<NAME>_ID',
  )
  .default([]);

/** One of them, in the words of CreateMemory. */
export interface ProjectMemory {
  readonly name: string;
  readonly eventExpiryDuration: number;
  readonly memoryStrategies: MemoryStrategyInput[];
  readonly indexedKeys?: { key: string; type: 'STRING' | 'STRINGLIST' | 'NUMBER' }[] | undefined;
  readonly tags?: Record<string, string> | undefined;
  readonly encryptionKeyArn?: string | undefined;
  readonly memoryExecutionRoleArn?: string | undefined;
}

/** What a deployment would create for an entry of the file. */
export function readMemory(entry: z.output<typeof memories>[number]): ProjectMemory {
  return {
    name: entry.name,
    eventExpiryDuration: entry.eventExpiryDuration,
    memoryStrategies: entry.strategies.map((described) => readStrategy(entry.name, described)),
    indexedKeys: entry.indexedKeys,
    tags: entry.tags,
    encryptionKeyArn: entry.encryptionKeyArn,
    memoryExecutionRoleArn: entry.executionRoleArn,
  };
}

function readStrategy(memory: string, described: z.output<typeof strategy>): MemoryStrategyInput {
  const { type, description } = described;
  const settings = {
    name: described.name ?? `${memory}_${type.toLowerCase()}`.slice(0, 48),
    description,
    namespaceTemplates: described.namespaceTemplates ?? described.namespaces,
  };
  switch (type) {
    case 'SEMANTIC':
      return { semanticMemoryStrategy: settings };
    case 'SUMMARIZATION':
      return { summaryMemoryStrategy: settings };
    case 'USER_PREFERENCE':
      return { userPreferenceMemoryStrategy: settings };
    case 'EPISODIC': {
      const reflection = described.reflectionNamespaceTemplates ?? described.reflectionNamespaces;
      return {
        episodicMemoryStrategy: {
          ...settings,
          reflectionConfiguration: reflection && { namespaceTemplates: reflection },
        },
      };
    }
  }
}
