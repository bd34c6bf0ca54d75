import {
  AccessDeniedException,
  BatchCreateMemoryRecordsCommand,
  BatchUpdateMemoryRecordsCommand,
  GetEventCommand,
  ListActorsCommand,
  ListEventsCommand,
  RetrieveMemoryRecordsCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { serverAgent, useAgent } from '../../../support/agents.ts';
import { sessionId } from '../../../support/emulator.ts';
import { BEGINNING, useMemory } from '../../../support/memory.ts';
import { allow, event, tenant, useTenants } from '../../../support/tenants.ts';

/** A policy that allows a tenant only its own actor. */
const tenantPolicy = allow({
  Sid: 'OwnMemory',
  Action: ['bedrock-agentcore:CreateEvent', 'bedrock-agentcore:*Event*'],
  Condition: {
    StringEquals: { 'bedrock-agentcore:actorId': '${aws:PrincipalTag/TenantID}' },
  },
});

test('A policy with actorId and a principal tag isolates tenants.', async () => {
  const { as, memoryId, arn, emulator } = await useTenants([
    tenant('ANA', tenantPolicy),
    tenant('BEA', tenantPolicy),
  ]);
  const [ana, bea] = [as('ANA'), as('BEA')];
  const { event: created } = await ana.send(event(memoryId, 'ana'));
  await bea.send(event(memoryId, 'bea'));
  const place = { memoryId, actorId: 'ana', sessionId: 'one' };
  expect((await ana.send(new ListEventsCommand(place))).events).toHaveLength(1);
  for (const command of [
    event(memoryId, 'ana'),
    new ListEventsCommand(place),
    new GetEventCommand({ ...place, eventId: created?.eventId }),
  ]) {
    await expect(bea.send(command as ListEventsCommand)).rejects.toBeInstanceOf(
      AccessDeniedException,
    );
  }
  await expect(bea.send(new ListEventsCommand(place))).rejects.toThrow(
    `User: arn:aws:iam::000000000000:user/BEA is not authorized to perform: bedrock-agentcore:ListEvents on resource: ${arn} because no identity-based policy allows the bedrock-agentcore:ListEvents action`,
  );
  expect(emulator.log.join('\n')).toContain(
    "ListEvents is denied to access key BEA: statement 'OwnMemory' of 1.json does not allow it: bedrock-agentcore:actorId is 'ana' but StringEquals requires 'bea' (${aws:PrincipalTag/TenantID})",
  );
  // A caller without policies may do anything.
  expect((await as('test').send(new ListEventsCommand(place))).events).toHaveLength(1);
});

test('Deny overrides Allow, and NotAction and Resource are evaluated.', async () => {
  const { as, memoryId, arn, emulator } = await useTenants([
    tenant('ANA', allow({ Action: 'bedrock-agentcore:*' }), {
      Version: '2012-10-17',
      Statement: {
        Sid: 'OnlyEvents',
        Effect: 'Deny',
        NotAction: 'BEDROCK-AGENTCORE:*event',
        Resource: 'arn:aws:bedrock-agentcore:*:*:memory/Notes-*',
      },
    }),
  ]);
  await as('ANA').send(event(memoryId, 'ana'));
  const listing = as('ANA').send(new ListActorsCommand({ memoryId: arn }));
  await expect(listing).rejects.toThrow(
    `bedrock-agentcore:ListActors on resource: ${arn} with an explicit deny in an identity-based policy`,
  );
  expect(emulator.log.join('\n')).toContain("statement 'OnlyEvents' of 2.json denies it");
});

const record = (requestIdentifier: string, namespace: string) => ({
  requestIdentifier,
  namespaces: [namespace],
  content: { text: 'Ana lives in Lisbon' },
  timestamp: new Date(BEGINNING),
});

test('Policies with namespace and namespacePath isolate records, also in batches.', async () => {
  const { as, memoryId } = await useTenants([
    tenant('ANA', {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['bedrock-agentcore:BatchCreateMemoryRecords', 'bedrock-agentcore:Retrieve*'],
          Resource: '*',
          Condition: {
            StringEquals: { 'bedrock-agentcore:namespace': '/facts/${aws:PrincipalTag/TenantID}/' },
          },
        },
        {
          Effect: 'Allow',
          Action: 'bedrock-agentcore:RetrieveMemoryRecords',
          Resource: '*',
          Condition: {
            StringLike: { 'bedrock-agentcore:namespacePath': '/*/${aws:PrincipalTag/tenantid}/*' },
          },
        },
      ],
    }),
  ]);
  const ana = as('ANA');
  const write = (...records: ReturnType<typeof record>[]) =>
    ana.send(new BatchCreateMemoryRecordsCommand({ memoryId, records }));
  await write(record('a', '/facts/ana/'));
  await expect(write(record('a', '/facts/ana/'), record('b', '/facts/bea/'))).rejects.toThrow(
    /not authorized/,
  );
  const find = (place: object) =>
    ana.send(
      new RetrieveMemoryRecordsCommand({
        memoryId,
        searchCriteria: { searchQuery: 'lives' },
        ...place,
      }),
    );
  expect((await find({ namespace: '/facts/ana/' })).memoryRecordSummaries).toHaveLength(1);
  expect((await find({ namespacePath: '/facts/ana/' })).memoryRecordSummaries).toHaveLength(1);
  for (const place of [{ namespace: '/facts/bea/' }, { namespacePath: '/' }]) {
    await expect(find(place)).rejects.toBeInstanceOf(AccessDeniedException);
  }
});

test('An update of a record needs permission for its own namespace, and an empty batch needs permission too.', async () => {
  const { as, memoryId, emulator } = await useTenants([
    tenant(
      'BEA',
      allow({
        Action: 'bedrock-agentcore:BatchUpdateMemoryRecords',
        Condition: {
          StringEquals: { 'bedrock-agentcore:namespace': '/facts/${aws:PrincipalTag/TenantID}/' },
        },
      }),
    ),
    tenant('CORA', allow({ Action: 'bedrock-agentcore:ListActors' })),
  ]);
  const [operator, bea, cora] = [as('test'), as('BEA'), as('CORA')];
  const unfiled = { ...record('c', ''), namespaces: [] };
  const { successfulRecords = [] } = await operator.send(
    new BatchCreateMemoryRecordsCommand({
      memoryId,
      records: [record('a', '/facts/ana/'), record('b', '/facts/bea/'), unfiled],
    }),
  );
  const [ofAna, ofBea, ofNobody] = successfulRecords.map(({ memoryRecordId }) => memoryRecordId);
  const update = (memoryRecordId: string | undefined, change: object) =>
    bea.send(
      new BatchUpdateMemoryRecordsCommand({
        memoryId,
        records: [{ memoryRecordId, timestamp: new Date(BEGINNING), ...change }],
      }),
    );
  const own = ['/facts/bea/'];
  for (const change of [
    { namespaces: own },
    { namespaces: own, sourceNamespaces: own },
    { sourceNamespaces: own, content: { text: 'Ana lives in Porto' } },
    { content: { text: 'Ana lives in Porto' } },
  ]) {
    await expect(update(ofAna, change)).rejects.toBeInstanceOf(AccessDeniedException);
  }
  await expect(update(ofNobody, { namespaces: own })).rejects.toBeInstanceOf(AccessDeniedException);
  expect((await update(ofBea, { content: { text: 'Bea' } })).successfulRecords).toHaveLength(1);
  expect(
    (await update('mem-none-of-anybody-and-nowhere-to-be-found', { namespaces: own }))
      .failedRecords,
  ).toMatchObject([{ errorCode: 404 }]);
  for (const command of [
    new BatchUpdateMemoryRecordsCommand({ memoryId, records: [] }),
    new BatchCreateMemoryRecordsCommand({ memoryId, records: [] }),
  ]) {
    const sent = cora.send(command as BatchCreateMemoryRecordsCommand);
    await expect(sent).rejects.toBeInstanceOf(AccessDeniedException);
  }
  expect(emulator.log.join('\n')).toContain("bedrock-agentcore:namespace is '/facts/ana/'");
});

test('A session is identified by its agent, and its timeline shows denied calls.', async () => {
  const source = serverAgent(
    `if (url === '/invocations') {
       const at = process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE;
       const answer = await fetch(at + '/memories/' + JSON.parse(body).prompt + '/actors',
         { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
       return json(response, { status: answer.status, ...(await answer.json()) });
     }`,
  );
  const agent = await useAgent(source);
  const { emulator, create } = await useMemory({
    agents: [agent],
    callers: [
      {
        identity: { agent: agent.name },
        policies: [{ name: 'role.json', document: allow({ Action: 'bedrock:Retrieve' }) }],
      },
    ],
  });
  const { id = '' } = await create();
  const runtimeSessionId = sessionId('denied');
  const answer = await emulator.invoke({
    runtimeSessionId,
    payload: JSON.stringify({ prompt: id }),
  });
  expect(answer).toMatchObject({
    status: 403,
    message: expect.stringContaining(
      `User: arn:aws:sts::000000000000:assumed-role/${agent.name}/${agent.name} is not authorized to perform: bedrock-agentcore:ListActors`,
    ) as string,
  });
  expect(await emulator.timeline(runtimeSessionId)).toContainEqual(
    expect.objectContaining({
      type: 'note',
      message: `ListActors is denied to agent ${agent.name}: no statement allows the action bedrock-agentcore:ListActors`,
    }),
  );
  expect(emulator.log.join('\n')).toContain(
    `agent ${agent.name}: cannot use any memory: its policies allow bedrock:retrieve. Memory's actions: bedrock-agentcore:CreateEvent,`,
  );
});
