import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BedrockAgentCoreClient,
  InvokeAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { HostMessage } from '../../src/shared/chat/hostMessage.ts';
import { echoAgent, useFolder } from '../support/agents.ts';
import { useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';

/** The status code or error name of an invocation with each of these keys. */
async function outcomes(url: string, secrets: Record<string, string>): Promise<string[]> {
  const { agents } = (await (await fetch(`${url}/_emulator/agents`)).json()) as {
    agents: { arn: string }[];
  };
  const invocations = Object.entries(secrets).map(async ([accessKeyId, secretAccessKey]) => {
    const client = new BedrockAgentCoreClient({
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
    });
    onTestFinished(() => client.destroy());
    const { arn } = agents[0]!;
    return client.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn: arn, payload: '{}' })).then(
      ({ statusCode }) => String(statusCode),
      (error: Error) => error.name,
    );
  });
  return Promise.all(invocations);
}

const NO_KEY = {
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_SESSION_TOKEN: '',
  AWS_REGION: 'us-east-1',
};

test('--auth sigv4 verifies with the key in the environment', async () => {
  const root = await useProject(project, echoAgent);
  const key = { ...NO_KEY, AWS_ACCESS_KEY_ID: 'MINE', AWS_SECRET_ACCESS_KEY: 'secret' };
  const running = useCommand([root, '--port', '0', '--ephemeral', '--auth', 'sigv4'], key);
  const { url } = await running.ready();
  expect(await outcomes(url, { MINE: 'secret', OTHER: 'secret' })).toEqual([
    '200',
    'UnrecognizedClientException',
  ]);
});

test('the chat page signs with the key in the environment', async () => {
  const root = await useProject(project, echoAgent);
  const key = { ...NO_KEY, AWS_ACCESS_KEY_ID: 'MINE', AWS_SECRET_ACCESS_KEY: 'secret' };
  const running = useCommand([root, '--port', '0', '--ephemeral', '--auth', 'sigv4'], key);
  const { url } = await running.ready();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/chat`);
  onTestFinished(() => socket.terminate());
  const ended = new Promise<unknown>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as HostMessage;
      if (message.type === 'closed') resolve(message.outcome);
    });
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'ready' }));
  socket.send(JSON.stringify({ type: 'send', prompt: 'hello' }));
  expect(await ended).toEqual({ type: 'completed' });
});

test('--auth sigv4 without a key is an error with exit code 2', async () => {
  const running = useCommand(['--auth', 'sigv4'], NO_KEY);
  expect(await running.exited).toBe(2);
  expect(running.stderr()).toMatch(/--auth sigv4 requires a key\. Set AWS_ACCESS_KEY_ID and/);
});

test('--credentials verifies with all keys of a file', async () => {
  const root = await useProject(project, echoAgent);
  const file = join(await useFolder(), 'credentials');
  await writeFile(
    file,
    `[default]
aws_access_key_id = ONE
aws_secret_access_key = first=/+

# of another
[profile other]
aws_access_key_id=TWO
aws_secret_access_key=second
`,
  );
  const args = [root, '--port', '0', '--ephemeral', '--auth', 'sigv4', '--credentials', file];
  const { url } = await useCommand(args, NO_KEY).ready();
  expect(await outcomes(url, { ONE: 'first=/+', TWO: 'second' })).toEqual(['200', '200']);
  expect(await outcomes(url, { TWO: 'first=/+' })).toEqual(['InvalidSignatureException']);
});
