import {
  BedrockAgentCoreControlClient,
  DeleteApiKeyCredentialProviderCommand,
  DeleteWorkloadIdentityCommand,
  GetTokenVaultCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { jsonRoute } from '../../emulator/admin/adminRoute.ts';
import { createEmulator } from '../../emulator/emulator.ts';
import type { CreateService } from '../../emulator/service.ts';
import type { Span } from '../../emulator/span.ts';
import { serverAgent, useAgent, useFolder } from '../support/agents.ts';
import { sdkSettings } from '../support/sdk.ts';

const VAULT = 'arn:aws:bedrock-agentcore:us-east-1:000000000000:token-vault/default';

/** A service with one contribution of every kind. */
function createVaultService(spans: Span[], events: string[]): CreateService {
  return ({ region, activity }) => ({
    name: 'vault',
    operations: {
      GetTokenVault: {
        handle: async ({ tokenVaultId = 'default' }) => ({
          tokenVaultId,
          kmsConfiguration: { keyType: 'ServiceManagedKey' },
          lastModifiedDate: new Date(0),
        }),
      },
      DeleteWorkloadIdentity: { handle: async () => ({}) },
      DeleteApiKeyCredentialProvider: { handle: async () => ({}) },
    },
    sessionOperations: ['DeleteWorkloadIdentity'],
    routes: [
      {
        matches: ({ path }) => path === '/vault',
        handle: (_request, response) => void response.end(`vault of ${region}`),
      },
    ],
    rewriteRequest: (line) => (line.path === '/v' ? { ...line, path: '/vault' } : line),
    environmentFor: ({ url, caller }) => ({ VAULT: `${caller.agent.source.name} ${url}` }),
    admin: async () => ({
      vault: jsonRoute({
        method: 'get',
        path: '/vault/:name',
        summary: 'A vault',
        answer: z.object({ name: z.string() }),
        handle: ({ labels }) => ({ name: labels.name }),
      }),
    }),
    findTagged: (arn) => (arn === VAULT ? { tags: { team: 'blue' }, save() {} } : null),
    start() {
      events.push('start');
      activity.subscribe((each) => {
        if (each.type === 'span') spans.push(each.span);
      });
    },
    drain: async () => void events.push('drain'),
    close: async () => void events.push('close'),
  });
}

/** Returns its environment. */
const environmentAgent = serverAgent(
  `if (url === '/invocations') return json(response, process.env);`,
);

function clientOf(url: string): BedrockAgentCoreControlClient {
  const client = new BedrockAgentCoreControlClient(sdkSettings(url));
  onTestFinished(() => client.destroy());
  return client;
}

/** An emulator with the vault service beside the built-in ones. */
async function useVault() {
  const spans: Span[] = [];
  const events: string[] = [];
  const agent = await useAgent(environmentAgent);
  const { url, close } = await createEmulator({ agents: [agent], port: 0 }, [
    createVaultService(spans, events),
  ]);
  onTestFinished(close);
  const control = clientOf(url);
  const get = async (path: string) => (await fetch(url + path)).text();
  return { url, close, control, get, spans, events, agent };
}

test('a service adds operations, routes, rewritten requests and tagged resources', async () => {
  const { control, get, spans } = await useVault();
  const sent = control.send(new GetTokenVaultCommand({ tokenVaultId: 'mine' }));
  expect(await sent).toMatchObject({ tokenVaultId: 'mine' });
  expect(spans).toMatchObject([{ operation: 'GetTokenVault', status: 200, caller: null }]);
  expect(await get('/vault')).toBe('vault of us-east-1');
  expect(await get('/v')).toBe('vault of us-east-1');
  const tagged = await control.send(new ListTagsForResourceCommand({ resourceArn: VAULT }));
  expect(tagged.tags).toEqual({ team: 'blue' });
});

test('a service adds calls to the admin API and their description', async () => {
  const { get } = await useVault();
  expect(JSON.parse(await get('/_emulator/vault/mine'))).toEqual({ name: 'mine' });
  const { paths } = JSON.parse(await get('/_emulator/openapi.json')) as { paths: object };
  expect(paths).toHaveProperty(['/vault/{name}', 'get', 'operationId'], 'vault');
  const { operations } = JSON.parse(await get('/_emulator/operations')) as { operations: object[] };
  expect(operations).toContainEqual(
    expect.objectContaining({ name: 'GetTokenVault', status: 'emulated' }),
  );
});

test('a service adds to the environment and the permissions of sessions', async () => {
  const { url, agent, spans } = await useVault();
  const response = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  const environment = (await response.json()) as Record<string, string>;
  const sessionUrl = environment['AWS_ENDPOINT_URL_BEDROCK_AGENTCORE'];
  expect(environment['VAULT']).toBe(`${agent.name} ${sessionUrl}`);
  const session = clientOf(sessionUrl!);
  const name = { name: 'mine' };
  await session.send(new DeleteWorkloadIdentityCommand(name));
  await expect(session.send(new DeleteApiKeyCredentialProviderCommand(name))).rejects.toMatchObject(
    { name: 'AccessDeniedException' },
  );
  const caller = spans.find(({ operation }) => operation === 'DeleteWorkloadIdentity')?.caller;
  expect(caller?.agent.source.name).toBe(agent.name);
});

test('a service is started, drained and closed with the emulator', async () => {
  const { events, close } = await useVault();
  expect(events).toEqual(['start']);
  await close();
  expect(events).toEqual(['start', 'drain', 'close']);
});

test('a span has the trace parent, the start and the duration of its call', async () => {
  const { url, spans } = await useVault();
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const before = Date.now();
  await fetch(`${url}/identities/get-token-vault`, {
    method: 'POST',
    body: '{}',
    headers: { traceparent },
  });
  const [span] = spans;
  expect(span).toMatchObject({ operation: 'GetTokenVault', traceParent: traceparent, status: 200 });
  expect(span!.startedAt).toBeGreaterThanOrEqual(before);
  expect(span!.duration).toBeGreaterThan(0);
});

test('a service that fails to close keeps neither the port nor the data folder', async () => {
  const dataFolder = await useFolder();
  const failing: CreateService = () => ({
    name: 'failing',
    async drain() {
      throw new Error('no drain');
    },
  });
  const { url, close } = await createEmulator({ agents: [], port: 0, dataFolder }, [failing]);
  await expect(close()).rejects.toMatchObject({ errors: [{ message: 'no drain' }] });
  await expect(fetch(`${url}/ping`)).rejects.toThrow('fetch failed');
  const next = await createEmulator({ agents: [], port: 0, dataFolder });
  await next.close();
});

test('Two services cannot emulate the same operation', async () => {
  const again: CreateService = () => ({
    name: 'again',
    operations: { ListTagsForResource: { handle: async () => ({}) } },
  });
  await expect(createEmulator({ agents: [], port: 0 }, [again])).rejects.toThrow(
    'Both tags and again have a handler for ListTagsForResource',
  );
});

test.each([
  ['health', 'get', '/own', 'Both the emulator and again have an admin call named health'],
  ['own', 'get', '/health', 'Both the emulator and again have the admin call GET /health'],
  ['own', 'get', '/openapi.json', 'Both the emulator and again have the admin call GET /openapi'],
  ['agents', 'get', '/own', 'Both runtime and again have an admin call named agents'],
  ['own', 'post', '/memories', 'Both memory and again have the admin call POST /memories'],
  ['own', 'get', '/memories/:x/retrievals', 'Both memory and again have the admin call GET'],
] as const)(
  'A service cannot have the admin call %s, %s %s, of another owner',
  async (name, method, path, message) => {
    const again: CreateService = () => ({
      name: 'again',
      admin: async () => ({ [name]: { method, path, summary: 'Own', handle() {} } }),
    });
    await expect(createEmulator({ agents: [], port: 0 }, [again])).rejects.toThrow(message);
  },
);
