import {
  ConflictException,
  CreateAgentRuntimeEndpointCommand,
  DeleteAgentRuntimeCommand,
  DeleteAgentRuntimeEndpointCommand,
  GetAgentRuntimeEndpointCommand,
  ListAgentRuntimeEndpointsCommand,
  ListTagsForResourceCommand,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAgentRuntimeEndpointCommand,
  ValidationException,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { sessionId } from '../../../../support/emulator.ts';
import { eventually } from '../../../../support/eventually.ts';
import { useControlledAgent } from './controlledAgent.ts';

test('an endpoint is created, read, updated, listed and deleted', async () => {
  const { control, agentRuntimeId, arn } = await useControlledAgent();
  const endpoint = { agentRuntimeId, endpointName: 'prod' };
  const endpointArn = `${arn}/runtime-endpoint/prod`;
  expect(
    await control.send(
      new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'prod', description: 'x' }),
    ),
  ).toMatchObject({
    status: 'CREATING',
    targetVersion: '1',
    agentRuntimeEndpointArn: endpointArn,
    endpointName: 'prod',
  });
  expect(await control.send(new GetAgentRuntimeEndpointCommand(endpoint))).toMatchObject({
    name: 'prod',
    description: 'x',
    status: 'READY',
    liveVersion: '1',
    id: 'prod',
  });
  const update = new UpdateAgentRuntimeEndpointCommand({ ...endpoint, description: 'y' });
  expect(await control.send(update)).toMatchObject({ status: 'UPDATING', liveVersion: '1' });
  const { runtimeEndpoints } = await control.send(
    new ListAgentRuntimeEndpointsCommand({ agentRuntimeId }),
  );
  expect(runtimeEndpoints).toMatchObject([
    { name: 'prod', status: 'READY', description: 'y' },
    { name: 'DEFAULT', status: 'READY' },
  ]);
  expect(await control.send(new DeleteAgentRuntimeEndpointCommand(endpoint))).toMatchObject({
    status: 'DELETING',
    endpointName: 'prod',
  });
  await expect(control.send(new GetAgentRuntimeEndpointCommand(endpoint))).rejects.toBeInstanceOf(
    ResourceNotFoundException,
  );
});

test('deleting an endpoint ends its sessions and no others', async () => {
  const { emulator, control, agentRuntimeId } = await useControlledAgent();
  await control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'prod' }));
  await emulator.invoke({ runtimeSessionId: sessionId('a'), qualifier: 'prod' });
  await emulator.invoke({ runtimeSessionId: sessionId('b') });
  await control.send(
    new DeleteAgentRuntimeEndpointCommand({ agentRuntimeId, endpointName: 'prod' }),
  );
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([
      { qualifier: 'prod', state: 'terminated', reason: 'runtime-deleted' },
      { qualifier: 'DEFAULT', state: 'idle' },
    ]),
  );
});

test('DEFAULT cannot be created, pinned or deleted', async () => {
  const { control, agentRuntimeId } = await useControlledAgent();
  const endpoint = { agentRuntimeId, endpointName: 'DEFAULT' };
  const creation = control.send(
    new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'DEFAULT' }),
  );
  await expect(creation).rejects.toBeInstanceOf(ConflictException);
  await expect(creation).rejects.toThrow(
    'An endpoint with the specified name already exists. Check the request and try again.',
  );
  await expect(
    control.send(new UpdateAgentRuntimeEndpointCommand({ ...endpoint, agentRuntimeVersion: '1' })),
  ).rejects.toBeInstanceOf(ValidationException);
  const deletion = control.send(new DeleteAgentRuntimeEndpointCommand(endpoint));
  await expect(deletion).rejects.toBeInstanceOf(ConflictException);
  await expect(deletion).rejects.toThrow('Default endpoints are removed when you delete the agent');
});

test('an endpoint needs an existing version, and a version in use cannot be deleted', async () => {
  const { control, agentRuntimeId } = await useControlledAgent();
  const name = 'prod';
  await expect(
    control.send(
      new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name, agentRuntimeVersion: '9' }),
    ),
  ).rejects.toThrow(/version: 9 not found! The runtime has the versions 1\./);
  await control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name }));
  await expect(
    control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId, agentRuntimeVersion: '1' })),
  ).rejects.toThrow(/in use by DEFAULT, prod/);
});

test('a runtime has at most ten endpoints', async () => {
  const { control, agentRuntimeId } = await useControlledAgent();
  const create = (name: string) =>
    control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name }));
  for (let number = 1; number < 10; number += 1) await create(`e${number}`);
  await expect(create('e10')).rejects.toBeInstanceOf(ServiceQuotaExceededException);
});

test('runtimes and endpoints have tags, and other resources are rejected with what is emulated', async () => {
  const { control, agentRuntimeId, arn } = await useControlledAgent();
  await control.send(
    new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'prod', tags: { a: '1' } }),
  );
  const listTags = async (resourceArn: string) =>
    (await control.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
  const endpointArn = `${arn}/runtime-endpoint/prod`;
  expect(await listTags(endpointArn)).toEqual({ a: '1' });
  await control.send(new TagResourceCommand({ resourceArn: arn, tags: { b: '2', c: '3' } }));
  await control.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: ['b'] }));
  expect(await listTags(arn)).toEqual({ c: '3' });
  expect(await listTags(endpointArn)).toEqual({ a: '1' });

  const gateway = listTags('arn:aws:bedrock-agentcore:us-east-1:000000000000:gateway/g-0123456789');
  await expect(gateway).rejects.toBeInstanceOf(ResourceNotFoundException);
  await expect(gateway).rejects.toThrow(
    /supports tags of agent runtimes, their endpoints and memories/,
  );
  await expect(
    control.send(new TagResourceCommand({ resourceArn: arn, tags: { 'aws:x': '1' } })),
  ).rejects.toBeInstanceOf(ValidationException);
});

test('endpoints are listed newest first with DEFAULT last, and none for a missing runtime', async () => {
  const { control, agentRuntimeId, emulator } = await useControlledAgent();
  for (const name of ['beta', 'alpha', 'gamma']) {
    await control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name }));
    await emulator.admin('/clock', { advanceSeconds: 1 });
  }
  const list = new ListAgentRuntimeEndpointsCommand({ agentRuntimeId, maxResults: 3 });
  const { runtimeEndpoints, nextToken } = await control.send(list);
  expect(runtimeEndpoints!.map(({ name }) => name)).toEqual(['gamma', 'alpha', 'beta']);
  const rest = await control.send(
    new ListAgentRuntimeEndpointsCommand({ agentRuntimeId, nextToken }),
  );
  expect(rest.runtimeEndpoints!.map(({ name }) => name)).toEqual(['DEFAULT']);
  expect(
    await control.send(
      new ListAgentRuntimeEndpointsCommand({ agentRuntimeId: 'missing-0123456789' }),
    ),
  ).toMatchObject({ runtimeEndpoints: [] });
});

test('a READY endpoint has a live version and no target', async () => {
  const { control, agentRuntimeId } = await useControlledAgent();
  const { runtimeEndpoints } = await control.send(
    new ListAgentRuntimeEndpointsCommand({ agentRuntimeId }),
  );
  expect(Object.keys(runtimeEndpoints![0]!).toSorted()).toEqual([
    'agentRuntimeArn',
    'agentRuntimeEndpointArn',
    'createdAt',
    'id',
    'lastUpdatedAt',
    'liveVersion',
    'name',
    'status',
  ]);
  expect(runtimeEndpoints).toMatchObject([{ id: 'DEFAULT', name: 'DEFAULT', liveVersion: '1' }]);
});
