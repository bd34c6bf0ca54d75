import * as z from 'zod';
import { adminAnswers } from '../../../src/shared/schemas/adminApi.ts';
import { jsonRoute, type AdminRoutes } from '../../admin/adminRoute.ts';
import type { Logger } from '../../log.ts';
import { operationNamed } from '../../wire/operations.ts';
import { readInput } from '../../wire/request.ts';
import { explanation, retrieval } from './adminShapes.ts';
import { JSON_LINES, receiveMemories, sendMemories } from './httpTransfer.ts';
import type { LazyMemory } from './lazyMemory.ts';

/** Creates the admin routes of Memory: export, import, retrieval log and explanations. */
export function createMemoryRoutes(
  memory: Pick<LazyMemory, 'explain' | 'retrievals' | 'export' | 'import'>,
  logger: Logger,
): AdminRoutes {
  return {
    exportMemories: {
      method: 'get',
      path: '/memories',
      summary: 'Exports all memories as JSON Lines',
      answerType: JSON_LINES,
      handle: (_request, response) => sendMemories(memory, response, logger),
    },
    importMemories: jsonRoute({
      method: 'post',
      path: '/memories',
      summary: 'Imports JSON Lines, all lines or none. Existing items stay unchanged.',
      bodyType: JSON_LINES,
      answer: adminAnswers.importMemories,
      handle: ({ request }) => receiveMemories(memory, request),
    }),
    retrievals: jsonRoute({
      method: 'get',
      path: '/memories/:memoryId/retrievals',
      summary: "Lists a memory's recent retrievals, newest first",
      answer: z.object({ retrievals: z.array(retrieval) }),
      handle: async ({ labels }) => ({ retrievals: await memory.retrievals(labels.memoryId) }),
    }),
    explain: jsonRoute({
      method: 'post',
      path: '/memories/:memoryId/explain',
      summary: 'Explains which records RetrieveMemoryRecords finds and which it excludes',
      body: z.looseObject({}).describe('the input of RetrieveMemoryRecords'),
      answer: explanation,
      // The body is parsed and validated as the input of the operation.
      handle: ({ labels: { memoryId }, body }) =>
        memory.explain(
          readInput(operationNamed('RetrieveMemoryRecords'), {
            labels: { memoryId },
            query: new URLSearchParams(),
            headers: {},
            body: Buffer.from(JSON.stringify(body)),
          }),
        ),
    }),
  };
}
