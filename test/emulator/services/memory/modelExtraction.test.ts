import {
  ListMemoryExtractionJobsCommand,
  StartMemoryExtractionJobCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { describe, expect, test } from 'vitest';
import { useFolder } from '../../../support/agents.ts';
import { useEmulator } from '../../../support/emulator.ts';
import { BEGINNING, useMemory } from '../../../support/memory.ts';
import { sendCompletion, useExtractionServer } from '../../../support/memoryModel.ts';
import {
  extractRecords,
  facts,
  likes,
  readTexts,
  useMemoryWithStrategies,
} from '../../../support/strategyMemory.ts';

const summary = {
  summaryMemoryStrategy: { name: 'Summary', namespaceTemplates: ['/sum/{sessionId}/'] },
};
const episodes = {
  episodicMemoryStrategy: {
    name: 'Episodes',
    namespaceTemplates: ['/episodes/{sessionId}/'],
    reflectionConfiguration: { namespaceTemplates: ['/episodes/'] },
  },
};

const lisbon = { facts: [{ subject: 'Home', fact: 'The user lives in Lisbon.', message: 1 }] };

type StrategyMemory = Awaited<ReturnType<typeof useMemoryWithStrategies>>;

/** Lists the failed jobs of a memory. */
async function listJobs({ data, id }: Pick<StrategyMemory, 'data' | 'id'>) {
  const { jobs = [] } = await data.send(new ListMemoryExtractionJobsCommand({ memoryId: id }));
  return jobs;
}

async function restart(memory: StrategyMemory, jobId: string | undefined) {
  await memory.data.send(
    new StartMemoryExtractionJobCommand({ memoryId: memory.id, extractionJob: { jobId } }),
  );
}

describe('With --memory-model,', () => {
  test('the model extracts each strategy’s records, with the prompt of its kind.', async () => {
    const server = await useExtractionServer(({ instructions }) => {
      if (instructions.includes('lasting facts')) return lisbon;
      if (instructions.includes('preferences of')) {
        const entry = { subject: 'seats', context: 'Said so.', preference: 'Prefers aisle seats' };
        return { preferences: [{ ...entry, categories: ['travel'], message: 2 }] };
      }
      if (instructions.includes('by topics'))
        return { topics: [{ name: 'A "trip"', summary: 'Lisbon & back' }] };
      return { goal: 'Plan a trip', outcome: '' };
    });
    const memory = await useMemoryWithStrategies(
      { memoryStrategies: [facts, likes, summary, episodes] },
      { memoryModel: `openai:${server.url}#small` },
    );
    await memory.say(memory.id, 'Lisboa é a minha casa.');
    await memory.say(memory.id, 'Corredor, por favor.');
    const [fact] = await memory.records('/facts/ana/');
    expect(fact).toMatchObject({
      content: { text: 'The user lives in Lisbon.' },
      metadata: {
        extractor: { stringValue: expect.stringMatching(/^model openai:.* small$/) as string },
      },
    });
    const [like] = await memory.records('/likes/ana/');
    expect(JSON.parse(like!.content!.text!)).toEqual({
      context: 'Said so.',
      preference: 'Prefers aisle seats',
      categories: ['travel'],
    });
    const exported = await fetch(`${memory.emulator.url}/_emulator/memories`);
    const line = (await exported.text()).split('\n').find((each) => each.includes('aisle'));
    // The second message says it.
    expect(JSON.parse(line!)).toMatchObject({
      timestamp: new Date(BEGINNING + 2_000).toISOString(),
    });
    expect(readTexts(await memory.records('/sum/one/'))).toEqual([
      '<topic name="A &quot;trip&quot;">\nLisbon &amp; back\n</topic>',
    ]);
    expect(readTexts(await memory.records('/episodes/one/'))).toEqual([
      '<episode><goal>Plan a trip</goal><outcome>open</outcome></episode>',
    ]);
    expect(server.prompts).toHaveLength(4);
    for (const { model, text } of server.prompts) {
      expect(model).toBe('small');
      expect(text).toContain('[1] USER: Lisboa é a minha casa.\n[2] USER: Corredor, por favor.');
    }
    expect(server.requests[0]?.body['response_format']).toMatchObject({ type: 'json_schema' });
    expect(memory.emulator.log).toContainEqual(
      expect.stringMatching(
        /^memory extraction: openai:.*#small \(small\) read 210 tokens and wrote 35 in \d+ ms$/,
      ),
    );
  });

  test('a known subject is passed to the model, and its record is replaced.', async () => {
    const server = await useExtractionServer(({ text }) =>
      text.includes('Porto')
        ? { facts: [{ subject: 'home', fact: 'The user lives in Porto.', message: 1 }] }
        : lisbon,
    );
    const memory = await useMemoryWithStrategies(
      { memoryStrategies: [facts] },
      { memoryModel: `openai:${server.url}#small` },
    );
    await memory.say(memory.id, 'I live in Lisbon.');
    const [first] = await memory.records('/facts/ana/');
    await memory.say(memory.id, 'We moved to Porto.', { sessionId: 'two' });
    const found = await memory.records('/facts/ana/');
    expect(readTexts(found)).toEqual(['The user lives in Porto.']);
    expect(found[0]?.memoryRecordId).toBe(first?.memoryRecordId);
    expect(server.prompts[0]?.text).toContain('subject:\nnone');
    expect(server.prompts[1]?.text).toContain('- home: The user lives in Lisbon.');
  });

  test('a custom strategy adds its prompts, and names the model if the option does not.', async () => {
    const server = await useExtractionServer(() => lisbon);
    const memory = await useMemoryWithStrategies(
      {
        memoryExecutionRoleArn: 'arn:aws:iam::111122223333:role/Memory',
        memoryStrategies: [
          {
            customMemoryStrategy: {
              name: 'Custom',
              namespaceTemplates: ['/custom/{actorId}/'],
              configuration: {
                semanticOverride: {
                  extraction: { appendToPrompt: 'Only about homes.', modelId: 'big' },
                  consolidation: { appendToPrompt: 'Keep old homes.', modelId: 'other' },
                },
              },
            },
          },
          likes,
        ],
      },
      { memoryModel: `openai:${server.url}` },
    );
    await memory.say(memory.id, 'I live in Lisbon.');
    expect(readTexts(await memory.records('/custom/ana/'))).toEqual(['The user lives in Lisbon.']);
    expect(server.prompts).toMatchObject([
      {
        model: 'big',
        instructions: expect.stringMatching(/Only about homes\.\n\nKeep old homes\.$/) as string,
      },
    ]);
    // A built-in strategy has no model ID.
    expect(await listJobs(memory)).toMatchObject([
      { failureReason: expect.stringContaining('does not name a model') as string },
    ]);
  });

  test('a long conversation is read in several prompts, each with what is known by then.', async () => {
    const server = await useExtractionServer(({ text }) => ({
      topics: [
        { name: 'All', summary: text.includes('Known summary:\nnone') ? 'first' : 'second' },
      ],
    }));
    const memory = await useMemoryWithStrategies(
      { memoryStrategies: [summary] },
      { memoryModel: `openai:${server.url}#small` },
    );
    await memory.say(memory.id, 'word '.repeat(8_000));
    expect(readTexts(await memory.records('/sum/one/'))).toEqual([
      '<topic name="All">\nsecond\n</topic>',
    ]);
    expect(server.prompts).toHaveLength(2);
    expect(server.prompts[1]?.text).toContain('first');
  });
});

describe('An extraction by a model fails as a job that can be started again', () => {
  test.for([
    ['prose', 'I cannot help.', 'is not JSON: "I cannot help."'],
    ['another document', '{"facts":[{"fact":7}]}', 'does not satisfy its schema'],
    ['a cut document', '{"facts":[{"subject":"home"', 'is not JSON'],
  ] as const)('after a reply with %s.', async ([, text, reason]) => {
    let isBroken = true;
    const server = await useExtractionServer(({ response }) => {
      if (!isBroken) return lisbon;
      sendCompletion(response, text);
      return null;
    });
    const memory = await useMemoryWithStrategies(
      { memoryStrategies: [facts] },
      { memoryModel: `openai:${server.url}#small` },
    );
    await memory.say(memory.id, 'I live in Lisbon.');
    expect(await memory.records('/facts/ana/')).toEqual([]);
    const [job] = await listJobs(memory);
    expect(job?.failureReason).toContain(`EXTRACTOR_FAILED: the model's reply`);
    expect(job?.failureReason).toContain(reason);
    expect(memory.emulator.log).toContainEqual(expect.stringContaining(reason));
    isBroken = false;
    await restart(memory, job?.jobID);
    expect(readTexts(await memory.records('/facts/ana/'))).toEqual(['The user lives in Lisbon.']);
    expect(await listJobs(memory)).toEqual([]);
  });

  test('when no server is there.', async () => {
    const memory = await useMemoryWithStrategies(
      { memoryStrategies: [facts] },
      { memoryModel: 'openai:http://127.0.0.1:9#small' },
    );
    await memory.say(memory.id, 'I live in Lisbon.');
    expect(await memory.records('/facts/ana/')).toEqual([]);
    const [job] = await listJobs(memory);
    expect(job?.failureReason).toContain('http://127.0.0.1:9 cannot be reached');
    expect(job?.messages?.messagesList).toHaveLength(1);
  });

  test('when the server does not reply in time.', async () => {
    let isSlow = true;
    const server = await useExtractionServer(() => (isSlow ? null : lisbon));
    const memory = await useMemoryWithStrategies(
      { memoryStrategies: [facts] },
      { memoryModel: `openai:${server.url}#small`, memoryTimeout: 0.05 },
    );
    await memory.say(memory.id, 'I live in Lisbon.');
    expect(await memory.records('/facts/ana/')).toEqual([]);
    const [job] = await listJobs(memory);
    expect(job?.failureReason).toMatch(/did not reply within 0\.05 s.*--memory-timeout/);
    isSlow = false;
    await restart(memory, job?.jobID);
    // The timeout of this test may be too short for the second call on a busy machine.
    await expect
      .poll(async () => {
        const [failed] = await listJobs(memory);
        if (failed) await restart(memory, failed.jobID);
        return readTexts(await memory.records('/facts/ana/'));
      })
      .toEqual(['The user lives in Lisbon.']);
  });
});

test('An emulator that closes during a call keeps the content, and extracts it at the next start.', async () => {
  const dataFolder = await useFolder();
  const called = Promise.withResolvers<void>();
  let isSlow = true;
  const server = await useExtractionServer(() => {
    called.resolve();
    return isSlow ? null : lisbon;
  });
  const options = { dataFolder, memoryModel: `openai:${server.url}#small` };
  const memory = await useMemoryWithStrategies({ memoryStrategies: [facts] }, options);
  await memory.say(memory.id, 'I live in Lisbon.');
  const advance = memory.emulator.admin('/clock', { advanceSeconds: 30 }).catch(() => null);
  await called.promise;
  await memory.emulator.close();
  await advance;
  isSlow = false;
  const next = await useMemory(options);
  // The first call opens the memories.
  expect(await listJobs({ ...next, id: memory.id })).toEqual([]);
  const records = await extractRecords(next, memory.id, '/facts/ana/');
  expect(readTexts(records)).toEqual(['The user lives in Lisbon.']);
});

test.for([
  [{ memoryModel: 'gpt' }, "memoryModel: 'gpt' is not a model. Use offline, bedrock[:MODEL]"],
  [{ memoryModel: 'offline' }, 'built-in rules'],
  [{ memoryEmbeddings: 'anthropic:claude' }, 'Anthropic has no embeddings'],
  [{ memoryEmbeddings: 'openai:http://127.0.0.1:9' }, 'openai:http://127.0.0.1:9#MODEL'],
  [{ memoryEmbeddings: 'bedrock' }, 'bedrock:MODEL'],
] as const)('The options %j are refused at the start.', async ([options, reason]) => {
  await expect(useEmulator({ agents: [], ...options })).rejects.toThrow(reason);
});
