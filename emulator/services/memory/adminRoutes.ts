import * as z from 'zod';
import { jsonRoute, type AdminRoutes } from '../../admin/adminRoute.ts';
import type { Logger } from '../../log.ts';
import { operationNamed } from '../../wire/operations.ts';
import { readInput } from '../../wire/request.ts';
import { explanation, importSummary, retrieval } from './adminShapes.ts';
import { JSON_LINES, receiveMemories, sendMemories } from './httpTransfer.ts';
import type { Memory } from './memory.ts';

/** The admin routes of Memory: export and import, retrievals and why they find what they find. */
export function createMemoryRoutes(
  memory: Pick<Memory, 'explain' | 'retrievals' | 'export' | 'import'>,
  logger: Logger,
): AdminRoutes {
  return {
    exportMemories: {
      method: 'get',
      path: '/memories',
      summary: 'All that is remembered, one record a line',
      answerType: JSON_LINES,
      handle: (_request, response) => sendMemories(memory, response, logger),
    },
    importMemories: jsonRoute({
      method: 'post',
      path: '/memories',
      summary: 'Takes in such lines, all or none; what is there already stays as it is',
      bodyType: JSON_LINES,
      answer: importSummary,
      handle: ({ request }) => receiveMemories(memory, request),
    }),
    retrievals: jsonRoute({
      method: 'get',
      path: '/memories/:memoryId/retrievals',
      summary: 'What was retrieved of a memory of late, the newest first',
      answer: z.object({ retrievals: z.array(retrieval) }),
      handle: async ({ labels }) => ({ retrievals: await memory.retrievals(labels.memoryId) }),
    }),
    explain: jsonRoute({
      method: 'post',
      path: '/memories/:memoryId/explain',
      summary: 'Why RetrieveMemoryRecords finds what it finds, and what it leaves out',
      body: z.looseObject({}).describe('the input of RetrieveMemoryRecords'),
      answer: explanation,
      // The operation's own request, parsed and validated as on AWS's wire.
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
