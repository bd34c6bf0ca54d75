import {
  BatchCreateMemoryRecordsCommand,
  ListMemoryRecordsCommand,
  type ListMemoryRecordsInput,
  type MemoryRecordCreateInput,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect } from 'vitest';
import { BEGINNING, type TestMemory } from './memory.ts';

/** Writes records with these texts into one namespace and returns their ids. */
export async function writeRecords(
  { data }: TestMemory,
  memoryId: string,
  texts: readonly string[],
  rest: Partial<MemoryRecordCreateInput> = {},
): Promise<string[]> {
  const { successfulRecords, failedRecords } = await data.send(
    new BatchCreateMemoryRecordsCommand({
      memoryId,
      records: texts.map((text, index) => ({
        requestIdentifier: `r${index}`,
        namespaces: ['/facts/ana/'],
        content: { text },
        timestamp: new Date(BEGINNING),
        ...rest,
      })),
    }),
  );
  expect(failedRecords).toEqual([]);
  return successfulRecords!.map(({ memoryRecordId }) => memoryRecordId!);
}

/** Lists the texts of memory records. */
export async function listRecords(
  { data }: TestMemory,
  input: ListMemoryRecordsInput,
): Promise<(string | undefined)[]> {
  const { memoryRecordSummaries = [] } = await data.send(new ListMemoryRecordsCommand(input));
  return memoryRecordSummaries.map(({ content }) => content?.text);
}

/** Sorts texts, so that a comparison does not depend on list order. */
export const sortTexts = (texts: readonly (string | undefined)[]) =>
  texts.toSorted((a, b) => String(a).localeCompare(String(b)));
