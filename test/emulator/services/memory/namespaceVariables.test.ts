import { UpdateMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { facts, readTexts, useMemoryWithStrategies } from '../../../support/strategyMemory.ts';

test('Namespace variables of an event are validated and select the namespace.', async () => {
  const { id, say, records } = await useMemoryWithStrategies({
    namespaceKeys: [{ key: 'team', validation: { allowedValues: ['red', 'blue'] } }],
    memoryStrategies: [
      { semanticMemoryStrategy: { name: 'Facts', namespaceTemplates: ['/{team}/{actorId}/'] } },
    ],
  });
  const of = (namespaceVariables: Record<string, string> | undefined) => ({
    extractionConfig: { namespaceVariables },
  });
  await say(id, 'I live in Lisbon.', of({ team: 'red' }));
  await say(id, 'I live in Porto.', of({ team: 'blue' }));
  expect(readTexts(await records('/red/ana/'))).toEqual(['The user lives in Lisbon.']);
  expect(readTexts(await records('/blue/ana/'))).toEqual(['The user lives in Porto.']);
  for (const [variables, message] of [
    [{ team: 'green' }, /'green' is not a valid value of 'team'.*allowedValues/],
    [{ team: 'red', other: 'x' }, /'other' is not one of the namespaceKeys.*Keys: team/],
  ] as const) {
    await expect(say(id, 'x', of(variables))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    });
  }
});

test('An update cannot remove a namespace key that a strategy uses.', async () => {
  const { id: memoryId, control } = await useMemoryWithStrategies({
    namespaceKeys: [{ key: 'team' }],
    memoryStrategies: [
      { semanticMemoryStrategy: { name: 'Facts', namespaceTemplates: ['/{team}/{actorId}/'] } },
    ],
  });
  const withKeys = (...keys: string[]) =>
    control.send(
      new UpdateMemoryCommand({ memoryId, namespaceKeys: keys.map((key) => ({ key })) }),
    );
  await withKeys('team', 'org');
  await expect(withKeys('org')).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining("namespaceKeys: 'team' is missing") as string,
  });
});

test('An event without a variable is stored, and strategies that need the variable skip it.', async () => {
  const { id, say, records, said, emulator } = await useMemoryWithStrategies({
    namespaceKeys: [{ key: 'team' }],
    memoryStrategies: [
      facts,
      { userPreferenceMemoryStrategy: { name: 'Likes', namespaceTemplates: ['/{team}/likes/'] } },
    ],
  });
  await say(id, 'I live in Lisbon. I like cheese.');
  expect(readTexts(await records('/facts/ana/'))).toEqual(['The user lives in Lisbon.']);
  expect(await said(id)).toHaveLength(1);
  expect(emulator.log.join('\n')).toContain(
    "strategy Likes skips session one: its namespace '/{team}/likes/' has {team}, but",
  );
});

test('The pattern of a namespace variable is validated and has a timeout.', async () => {
  for (const [regexPattern, value, message] of [
    ['[a-z]+', 'red', null],
    ['[a-z]+', 'red1', /'red1' is not a valid value of 'team'.*regexPattern/],
    ['(', 'red', /regexPattern: .*Invalid regular expression/],
    ['(a+)+b', 'a'.repeat(64), /regexPattern: Script execution timed out/],
  ] as const) {
    const { id, say } = await useMemoryWithStrategies({
      namespaceKeys: [{ key: 'team', validation: { regexPattern } }],
      memoryStrategies: [facts],
    });
    const said = say(id, 'x', { extractionConfig: { namespaceVariables: { team: value } } });
    if (message === null) await expect(said).resolves.toBeDefined();
    else await expect(said).rejects.toMatchObject({ message: expect.stringMatching(message) });
  }
});

test('A namespace variable can have the name of an Object member.', async () => {
  const { id, say, records, emulator } = await useMemoryWithStrategies({
    namespaceKeys: [{ key: 'constructor', validation: { allowedValues: ['red'] } }],
    indexedKeys: [{ key: 'valueOf', type: 'STRING' }],
    memoryStrategies: [
      {
        semanticMemoryStrategy: {
          name: 'Facts',
          namespaceTemplates: ['/{constructor}/{actorId}/'],
          memoryRecordSchema: {
            metadataSchema: [{ key: 'valueOf', extractionType: 'STRICTLY_CONSISTENT' }],
          },
        },
      },
    ],
  });
  await say(id, 'I live in Lisbon.');
  await records('/red/ana/');
  expect(emulator.log.join('\n')).toContain("'/{constructor}/{actorId}/' has {constructor}, but");
  const extractionConfig = { namespaceVariables: { constructor: 'red' } };
  await say(id, 'I live in Porto.', { extractionConfig });
  expect(readTexts(await records('/red/ana/'))).toEqual(['The user lives in Porto.']);
  await say(id, 'I live in Faro.', { extractionConfig });
  expect(readTexts(await records('/red/ana/'))).toEqual(['The user lives in Faro.']);
});
