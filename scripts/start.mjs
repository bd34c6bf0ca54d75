// `npm start`: from a fresh clone to a local AgentCore that serves the sample agent.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { lockedNode, root, sample, setUp } from './setup.mjs';

const args = process.argv.slice(2);
const folder = args.find((argument) => !argument.startsWith('-') && existsSync(argument));
if (folder !== undefined) {
  process.stderr.write(
    `npm start serves the sample. For a project of yours: npm run build, then\n` +
      `node_modules/.bin/node dist/agentcore-emulator.js ${folder}\n`,
  );
  process.exit(2);
}

setUp();
const emulator = spawn(
  lockedNode(),
  [join(root, 'dist', 'agentcore-emulator.js'), sample, ...args],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);

// Ctrl-C reaches the emulator by itself; it ends its sessions, and we end with it. What is sent to
// this process alone is passed on.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => emulator.kill('SIGTERM'));
emulator.once('exit', (code) => {
  process.exitCode = code ?? 1;
});

// The emulator's first line tells where it is; without one it has already said why not.
for await (const line of createInterface({ input: emulator.stdout })) {
  if (line.startsWith('{')) await introduce(JSON.parse(line).url);
  else process.stdout.write(`${line}\n`);
}

/** @param {string} url */
async function introduce(url) {
  const { agents } = /** @type {{ agents: { arn: string, name: string }[] }} */ (
    await (await fetch(`${url}/_emulator/agents`)).json()
  );
  const [agent] = agents;
  process.stdout.write(`
The local AgentCore serves at ${url}
Its agent ${agent?.name} is ${agent?.arn}

Chat with it in your browser: ${url}/

Try it with curl:

  curl -N ${url}/invocations -H 'content-type: application/json' -H 'accept: text/event-stream' -d '{"prompt": "12 * 7"}'

or with the AWS SDK, which cannot tell it from the real one:

  import { BedrockAgentCoreClient, InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore';

  const client = new BedrockAgentCoreClient({
    endpoint: '${url}',
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const { response } = await client.send(new InvokeAgentRuntimeCommand({
    agentRuntimeArn: '${agent?.arn}',
    runtimeSessionId: 'my-first-session-0123456789-0123456789',
    contentType: 'application/json',
    accept: 'text/event-stream',
    payload: JSON.stringify({ prompt: 'remember my city is Turin' }),
  }));
  for await (const chunk of response) process.stdout.write(chunk);

Sessions and why they ended: ${url}/_emulator/sessions
Ctrl-C ends it, with every session.
`);
}
