import type { MemoryStrategyInput } from '@aws-sdk/client-bedrock-agentcore-control';
import * as z from 'zod';
import { arn, fields, keyArn, nonEmpty, resourceName, roleArn, tags, text } from './schemaText.ts';

const templates = z.array(z.string()).min(1).optional();

const strategy = fields({
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
  )
  .refine(
    ({ reflectionNamespaceTemplates, reflectionNamespaces }) =>
      !reflectionNamespaceTemplates || !reflectionNamespaces,
    'has both reflectionNamespaces and reflectionNamespaceTemplates. Use reflectionNamespaceTemplates.',
  )
  .refine(
    ({ type, reflectionNamespaceTemplates, reflectionNamespaces }) =>
      type === 'EPISODIC' || !(reflectionNamespaceTemplates ?? reflectionNamespaces),
    'has reflectionNamespaceTemplates, which only strategies of type EPISODIC have. Remove them.',
  );

const DAYS = 'a whole number of days from 3 to 3650';

/** An entry of `memories` in agentcore.json. */
export const memory = fields({
  name: resourceName,
  description: nonEmpty.max(4096, 'at most 4096 characters').optional(),
  eventExpiryDuration: z.int(DAYS).min(3, DAYS).max(3650, DAYS),
  strategies: z.array(strategy).default([]).superRefine(findRepetition('type')),
  indexedKeys: z
    .array(
      fields({
        key: text(
          /^(?=.*\S)[A-Za-z0-9\s._:/=+@-]{1,128}$/,
          'up to 128 letters, digits, spaces and . _ : / = + @ -',
        ),
        type: z.enum(['STRING', 'STRINGLIST', 'NUMBER']),
      }),
    )
    .max(10, 'at most 10 keys')
    .superRefine(findRepetition('key'))
    .optional(),
  tags: tags.optional(),
  encryptionKeyArn: keyArn.optional(),
  executionRoleArn: roleArn.optional(),
  streamDeliveryResources: fields({
    resources: z
      .array(
        fields({
          kinesis: fields({
            dataStreamArn: arn('kinesis', 'arn:aws:kinesis:us-east-1:123456789012:stream/Name'),
            contentConfigurations: z
              .array(
                fields({
                  type: z.literal('MEMORY_RECORDS'),
                  level: z.enum(['FULL_CONTENT', 'METADATA_ONLY']),
                }),
              )
              .min(1),
          }),
        }),
      )
      .min(1),
  }).optional(),
});

/** Reports entries of a list that have the same value of a field as an earlier entry. */
function findRepetition<Field extends string>(field: Field) {
  return (entries: readonly Readonly<Record<Field, string>>[], check: z.core.$RefinementCtx) => {
    for (const [index, entry] of entries.entries()) {
      const first = entries.findIndex((other) => other[field] === entry[field]);
      if (first === index) continue;
      const message = `is also the ${field} of entry ${first}. Use each ${field} once.`;
      check.addIssue({ code: 'custom', message, path: [index, field] });
    }
  };
}

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
