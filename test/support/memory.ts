import {
  BedrockAgentCoreClient,
  CreateEventCommand,
  ListEventsCommand,
  RetrieveMemoryRecordsCommand,
  type CreateEventInput,
  type Event,
  type ListEventsInput,
  type RetrieveMemoryRecordsInput,
  type RetrieveMemoryRecordsOutput,
  type SearchCriteria,
} from '@aws-sdk/client-bedrock-agentcore';
import {
  BedrockAgentCoreControlClient,
  CreateMemoryCommand,
  type CreateMemoryInput,
  type Memory,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { onTestFinished } from 'vitest';
import type { EmulatorOptions } from '../../emulator/index.ts';
import { useEmulator, type TestEmulator } from './emulator.ts';
import { sdkSettings } from './sdk.ts';

/** An emulator and unmodified AWS SDK clients of both planes. */
export interface TestMemory {
  readonly emulator: TestEmulator;
  readonly control: BedrockAgentCoreControlClient;
  readonly data: BedrockAgentCoreClient;
  create(input?: Partial<CreateMemoryInput>): Promise<Memory>;
  /** Creates an event, by default of actor ana in session one. */
  say(memoryId: string, text: string, input?: Partial<CreateEventInput>): Promise<Event>;
  /** Lists the texts of events, by default of actor ana in session one. */
  said(memoryId: string, input?: Partial<ListEventsInput>): Promise<string[]>;
  /** Retrieves records for a query, by default from the whole memory. */
  retrieve(
    memoryId: string,
    searchQuery: string,
    criteria?: Partial<SearchCriteria>,
    input?: Partial<RetrieveMemoryRecordsInput>,
  ): Promise<RetrieveMemoryRecordsOutput>;
  /** Retrieves records and returns their texts and scores. */
  found(
    ...query: Parameters<TestMemory['retrieve']>
  ): Promise<{ text: string | undefined; score: number | undefined }[]>;
}

/** Default actor and session of events. */
export const here = { actorId: 'ana', sessionId: 'one' };

/** Timestamp before the first event. Each event is one second later than the previous one. */
export const BEGINNING = Date.UTC(2026, 0, 1);

/** Returns the memories of a project: one with a semantic strategy. */
export const projectMemories = (root: string) => [
  {
    project: 'Demo',
    root,
    name: 'Notes',
    eventExpiryDuration: 30,
    memoryStrategies: [{ semanticMemoryStrategy: { name: 'Facts' } }],
  },
];

/** Starts an emulator without agents, and its clients. */
export async function useMemory(options: Partial<EmulatorOptions> = {}): Promise<TestMemory> {
  const emulator = await useEmulator({ agents: [], ...options });
  const settings = sdkSettings(emulator.url);
  const control = new BedrockAgentCoreControlClient(settings);
  const data = new BedrockAgentCoreClient(settings);
  onTestFinished(() => {
    control.destroy();
    data.destroy();
  });
  let seconds = 0;
  const retrieve: TestMemory['retrieve'] = (memoryId, searchQuery, criteria, input) =>
    data.send(
      new RetrieveMemoryRecordsCommand({
        memoryId,
        ...(input?.namespace === undefined && { namespacePath: '/' }),
        searchCriteria: { searchQuery, ...criteria },
        ...input,
      }),
    );
  return {
    emulator,
    control,
    data,
    async create(input = {}) {
      const { memory } = await control.send(
        new CreateMemoryCommand({ name: 'Notes', eventExpiryDuration: 30, ...input }),
      );
      return memory!;
    },
    async say(memoryId, text, input = {}) {
      seconds += 1;
      const { event } = await data.send(
        new CreateEventCommand({
          memoryId,
          ...here,
          eventTimestamp: new Date(BEGINNING + seconds * 1_000),
          payload: [{ conversational: { role: 'USER', content: { text } } }],
          ...input,
        }),
      );
      return event!;
    },
    async said(memoryId, input = {}) {
      const { events = [] } = await data.send(
        new ListEventsCommand({ memoryId, ...here, ...input }),
      );
      return events.map(readText);
    },
    retrieve,
    async found(...query) {
      const { memoryRecordSummaries = [] } = await retrieve(...query);
      return memoryRecordSummaries.map(({ content, score }) => ({ text: content?.text, score }));
    },
  };
}

/** Returns the text of an event. */
export function readText({ payload }: Event): string {
  return payload?.[0]?.conversational?.content?.text ?? '';
}
