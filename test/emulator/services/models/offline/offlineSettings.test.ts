import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { expect, test } from 'vitest';
import { useEmulator } from '../../../../support/emulator.ts';
import { useBedrockRuntime } from '../../../../support/models.ts';

const command = () =>
  new ConverseCommand({
    modelId: 'amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
  });

test('A fault that the admin API sets applies to the next call, until it is removed.', async () => {
  const emulator = await useEmulator({ agents: [], offlineModel: { tokensPerSecond: 5000 } });
  const client = useBedrockRuntime(emulator);
  expect(await emulator.admin('/models/offline', { fault: 'unavailable', latency: 1 })).toEqual({
    latency: 1,
    tokensPerSecond: 5000,
    fault: 'unavailable',
  });
  await expect(client.send(command())).rejects.toThrow(
    expect.objectContaining({ name: 'ServiceUnavailableException' }),
  );
  await emulator.admin('/models/offline', { fault: null, tokensPerSecond: null });
  expect(await emulator.admin('/models/offline')).toEqual({
    latency: 1,
    tokensPerSecond: null,
    fault: null,
  });
  expect((await client.send(command())).stopReason).toBe('end_turn');
});

test.for([
  [{ latency: -1 }, 'latency: -1 is not allowed. The minimum is 0.'],
  [{ latency: 'fast' }, 'latency: "fast" is not allowed. Send a number.'],
  [{ tokensPerSecond: 0 }, 'tokensPerSecond: 0 is not allowed. The minimum is 0.1.'],
  [{ fault: 'nap' }, 'fault: "nap" is not allowed. Use throttling, unavailable, timeout, '],
  [{ rate: 3 }, 'rate: not a field of this call. Use latency, tokensPerSecond, fault.'],
])('The admin API refuses %j.', async ([body, message]) => {
  const { admin } = await useEmulator({ agents: [] });
  expect((await admin<{ message: string }>('/models/offline', body)).message).toContain(message);
});
