import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { AgentSummary } from '../../src/shared/emulator.ts';
import { serverAgent, useFolder } from '../support/agents.ts';
import { useCommand, type CommandProcess } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { project, useProject } from '../support/project.ts';

const id = 'a-'.padEnd(40, '0');

/** Returns its request, or streams, fails or waits if the prompt says so. */
const agent = serverAgent(
  `if (url === '/invocations') {
    const { prompt, wait } = JSON.parse(body);
    if (prompt === 'fail') { response.writeHead(500); return response.end('no such luck'); }
    if (prompt === 'stream' || wait) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: "first "\\n\\n');
      if (wait) return setInterval(() => {}, 1000);
      return response.end('data: "second"\\n\\n');
    }
    if (prompt === 'break') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.end('data: "half"\\n\\ndata: {"error":"boom","error_type":"ValueError"}\\n\\n');
    }
    const custom = request.headers['x-amzn-bedrock-agentcore-runtime-custom-shade'];
    return json(response, { result: body + ' ' + (custom ?? '-') });
  }`,
);

const projectWithHeaders = {
  ...project,
  runtimes: [
    {
      ...project.runtimes[0],
      requestHeaderAllowlist: ['X-Amzn-Bedrock-AgentCore-Runtime-Custom-Shade'],
    },
  ],
};

/** A project with a running emulator. */
async function useRunning() {
  const root = await useProject(projectWithHeaders, agent);
  const { url } = await useCommand([root, '--port', '0']).ready();
  const { agents } = (await (await fetch(`${url}/_emulator/agents`)).json()) as {
    agents: AgentSummary[];
  };
  return { root, url, arn: agents[0]!.arn };
}

const NO_KEYS = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_PROFILE: '' };

function runInvoke(
  folder: string,
  args: string[],
  environment: NodeJS.ProcessEnv = {},
  input?: string,
): CommandProcess {
  const into = { ...NO_KEYS, ...environment };
  return useCommand(['invoke', ...args], into, {
    cwd: folder,
    ...(input !== undefined && { input }),
  });
}

async function outcome(running: CommandProcess) {
  const code = await running.exited;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

test('a prompt or a JSON document reaches an agent of the folder’s emulator, and its answer is printed', async () => {
  const { root, url, arn } = await useRunning();
  const text = await outcome(
    runInvoke(join(root, 'app'), ['Helper', '12 * 7', '--session-id', id]),
  );
  expect(text).toEqual({
    code: 0,
    stdout: '{"prompt":"12 * 7"} -\n',
    stderr: `Continue this session with --session-id ${id}\n`,
  });
  const shade = ['-H', 'X-Amzn-Bedrock-AgentCore-Runtime-Custom-Shade: dark'];
  const json = await outcome(runInvoke(root, [arn, '{"a": [1]}', ...shade]));
  expect(json).toMatchObject({ code: 0, stdout: '{"a": [1]} dark\n' });
  const broken = await outcome(runInvoke(root, ['Helper', '{"prompt": hi}']));
  expect(broken).toMatchObject({
    code: 0,
    stdout: '{"prompt":"{\\"prompt\\": hi}"} -\n',
    stderr: expect.stringMatching(/^agentcore-emulator: The payload is not valid JSON, so/),
  });
  const elsewhere = await outcome(
    runInvoke(await useFolder(), ['Helper', '-', '--endpoint', url], {}, 'from a pipe'),
  );
  expect(elsewhere).toMatchObject({ code: 0, stdout: '{"prompt":"from a pipe"} -\n' });
});

test('a stream is printed as it arrives, as text or raw', async () => {
  const { root } = await useRunning();
  expect(await outcome(runInvoke(root, ['Helper', 'stream']))).toMatchObject({
    code: 0,
    stdout: 'first second\n',
  });
  expect(await outcome(runInvoke(root, ['Helper', 'stream', '--raw']))).toMatchObject({
    code: 0,
    stdout: 'data: "first "\n\ndata: "second"\n\n',
  });
  const waiting = runInvoke(root, ['Helper', '{"wait": true}', '--session-id', id]);
  await eventually(() => expect(waiting.stdout()).toBe('first '));
  waiting.process.kill('SIGINT');
  expect(await outcome(waiting)).toEqual({
    code: 130,
    stdout: 'first ',
    stderr: `Continue this session with --session-id ${id}\n`,
  });
});

test('an error of the agent or the service is a one-line error with exit code 1', async () => {
  const { root, url } = await useRunning();
  const failing = await outcome(runInvoke(root, ['Helper', 'fail']));
  expect(failing).toMatchObject({ code: 1, stdout: '' });
  expect(failing.stderr).toMatch(
    /^agentcore-emulator: RuntimeClientError: Received error \(500\) from runtime.*no such luck\n$/,
  );
  expect(await outcome(runInvoke(root, ['Helper', 'break']))).toMatchObject({
    code: 1,
    stdout: 'half\n',
    stderr: expect.stringMatching(/^agentcore-emulator: ValueError: boom\n/),
  });
  expect(await outcome(runInvoke(root, ['Helper', 'x', '--session-id', 'short']))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/ValidationException: .*greater than or equal to 33/),
  });
  expect(await outcome(runInvoke(root, ['Helper', 'x', '--qualifier', 'prod']))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/ResourceNotFoundException: .*prod/),
  });
  expect(await outcome(runInvoke(root, ['Nobody', 'x']))).toEqual({
    code: 1,
    stdout: '',
    stderr: `agentcore-emulator: The emulator at ${url} has no agent 'Nobody'. Its agents: Helper.\n`,
  });
});

test('without an emulator, the error says how to start one', async () => {
  const folder = await useFolder();
  expect(await outcome(runInvoke(folder, ['Helper', 'x']))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /no emulator is running for this folder.*Start one with agentcore-em.*--ephemeral/,
    ),
  });
  const local = 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/Demo_Helper-0123456789';
  expect(await outcome(runInvoke(folder, [local, 'x']))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/is a local agent, and no emulator is running/),
  });
  const away = ['--endpoint', 'http://127.0.0.1:9'];
  expect(await outcome(runInvoke(folder, ['Helper', 'x', ...away]))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/No emulator responds at http:\/\/127\.0\.0\.1:9/),
  });
});

test('a profile that does not exist does not keep a local agent from being invoked', async () => {
  const { root } = await useRunning();
  const environment = { AWS_PROFILE: 'gone', AWS_CONFIG_FILE: join(root, 'no-config') };
  expect(await outcome(runInvoke(root, ['Helper', 'x'], environment))).toMatchObject({
    code: 0,
    stdout: '{"prompt":"x"} -\n',
  });
});

test('an emulator that requires a token is not called missing', async () => {
  const root = await useProject(project, agent);
  const { url } = await useCommand([root, '--port', '0', '--token', 'auto']).ready();
  const { origin } = new URL(url);
  const invoked = await outcome(runInvoke(root, ['Helper', 'x', '--endpoint', origin]));
  expect(invoked).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      new RegExp(
        `^agentcore-emulator: The emulator at ${origin} refused the request: .*requires a token.* the token is part of the URL: http://127\\.0\\.0\\.1:9310/@TOKEN\\.\n$`,
      ),
    ),
  });
});

test('a runtime in AWS is called in its region with the developer’s credentials', async () => {
  // A substitute for AWS, which the SDK finds through its endpoint variable.
  const seen: { url: string | undefined; authorization: string | undefined; user: unknown }[] = [];
  const aws = createServer((request, response) => {
    const { authorization, 'x-amzn-bedrock-agentcore-runtime-user-id': user } = request.headers;
    seen.push({ url: request.url, authorization, user });
    response.end('"deployed"');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void aws.close());
  await once(aws, 'listening');
  const { root } = await useRunning();
  const arn = 'arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/Demo_Helper-0123456789';
  const environment = {
    AWS_ENDPOINT_URL_BEDROCK_AGENTCORE: `http://127.0.0.1:${(aws.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'MINE',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  const called = await outcome(runInvoke(root, [arn, 'x', '--user-id', 'me'], environment));
  expect(called).toMatchObject({ code: 0, stdout: '"deployed"\n' });
  const token = ['-H', 'Authorization: Bearer TOKEN'];
  await outcome(runInvoke(root, [arn, 'x', ...token], { ...environment, ...NO_KEYS }));
  expect(seen).toEqual([
    {
      url: `/runtimes/${encodeURIComponent(arn)}/invocations`,
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=MINE\/\d{8}\/eu-west-1\/bedrock-agentcore\//,
      ),
      user: 'me',
    },
    expect.objectContaining({ authorization: 'Bearer TOKEN' }),
  ]);
});

test.for([
  [[], /AGENT is missing\. Usage: agentcore-emulator invoke AGENT PAYLOAD/],
  [['Helper'], /PAYLOAD is missing/],
  [['Helper', 'two', 'words'], /Unexpected argument 'words'\. Quote values that contain spaces/],
  [['Helper', 'x', '--header', 'nothing'], /--header expects "Name: value", not 'nothing'/],
  [['Helper', 'x', '--session', id], /Unknown option '--session'\. Did you mean '--session-id'\?/],
  [['Helper', 'x', '--seesion-id', id], /Did you mean '--session-id'\?/],
] as const)(
  'an invalid command line is a one-line error with exit code 2: %s',
  async ([args, message]) => {
    const { code, stdout, stderr } = await outcome(runInvoke(await useFolder(), [...args]));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  },
);

test('each command has its own help, and the general help lists it', async () => {
  const general = await outcome(useCommand(['--help']));
  expect(general).toMatchObject({ code: 0, stdout: expect.stringMatching(/invoke AGENT PAYLOAD/) });
  expect(await outcome(useCommand(['invoke', '--help']))).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Usage: agentcore-emulator invoke AGENT PAYLOAD/),
  });
});
