// `npm start`: starts a local AgentCore with the sample agent from a fresh clone.
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
    `npm start runs only the sample project. To run your own project:\n` +
      `npm run build && node_modules/.bin/node dist/agentcore-emulator.js ${folder}\n`,
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

// Ctrl-C also reaches the emulator, which ends its sessions and exits; then this process exits. Signals to this
// process alone are forwarded.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => emulator.kill('SIGTERM'));
emulator.once('exit', (code) => {
  process.exitCode = code ?? 1;
});

// The emulator's first line contains its URL. If the start failed, it has already printed the reason.
for await (const line of createInterface({ input: emulator.stdout })) {
  if (line.startsWith('{')) await printIntroduction(JSON.parse(line).url);
  else process.stdout.write(`${line}\n`);
}

/** @param {string} url */
async function printIntroduction(url) {
  const { agents } = /** @type {{ agents: { arn: string, name: string }[] }} */ (
    await (await fetch(`${url}/_emulator/agents`)).json()
  );
  const [agent] = agents;
  process.stdout.write(`
The local AgentCore is running at ${url}
Agent ${agent?.name}: ${agent?.arn}

Chat in your browser: ${url}/

Call it with curl:

  curl -N ${url}/invocations -H 'content-type: application/json' -H 'accept: text/event-stream' -d '{"prompt": "12 * 7"}'

Call it with the AWS SDK:

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

List sessions and their end reasons: ${url}/_emulator/sessions
Press Ctrl-C to stop the emulator and all sessions.
`);
}
