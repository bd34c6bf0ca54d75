import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  BedrockAgentCoreClient,
  InvokeAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { AgentSummary } from '../../src/shared/emulator.ts';
import type { SessionSummary } from '../../src/shared/session.ts';
import { useCommand } from '../support/command.ts';
import { connectEngine } from '../support/containers.ts';
import { sessionId } from '../support/emulator.ts';
import { usePart } from '../support/parts.ts';
import { useTemplate } from '../support/project.ts';
import { readWords } from '../support/serverSentEvents.ts';
import { sdkSettings } from '../support/sdk.ts';

// Downloads packages and builds images from scratch.
vi.setConfig({ testTimeout: 300_000 });

const run = promisify(execFile);

/** The install steps in each template's README. */
const installs = {
  'typescript-basic': (cwd: string) =>
    run('npm', ['install', '--prefix', 'app/Assistant'], { cwd }),
  async 'python-basic'(cwd: string) {
    const environment = join('app', 'Assistant', '.venv');
    // Uses the machine's pip, because Debian packages ensurepip separately.
    await run('python3', ['-m', 'venv', '--without-pip', environment], { cwd });
    const pip = ['-m', 'pip', '--python', join(environment, 'bin', 'python')];
    await run('python3', [...pip, 'install', './app/Assistant'], { cwd });
  },
};

/** Starts a fresh copy of a template with the built command. */
async function useConversation(template: keyof typeof installs, compute: 'process' | 'container') {
  if (compute === 'container') usePart('engine');
  else if (template === 'python-basic') usePart('python');
  const project = await useTemplate(template);
  if (compute === 'process') await installs[template](project);
  const images = new Set<string>();
  onTestFinished(async () => {
    for (const image of images) await connectEngine().getImage(image).remove({ force: true });
  });
  const options = ['--port', '0', '--ephemeral', '--compute', compute];
  const { url } = await useCommand([project, ...options]).ready();
  const admin = async <T>(path: string) =>
    (await (await fetch(`${url}/_emulator/${path}`)).json()) as T;
  const client = new BedrockAgentCoreClient(sdkSettings(url));
  onTestFinished(() => client.destroy());
  const { agents } = await admin<{ agents: AgentSummary[] }>('agents');

  return {
    /** Sends a prompt in a session and returns the streamed answer. */
    async ask(session: string, prompt: string): Promise<string> {
      const { response, contentType } = await client.send(
        new InvokeAgentRuntimeCommand({
          agentRuntimeArn: agents[0]!.arn,
          runtimeSessionId: sessionId(session),
          contentType: 'application/json',
          accept: 'text/event-stream',
          payload: JSON.stringify({ prompt }),
        }),
      );
      expect(contentType).toMatch(/^text\/event-stream/);
      return readWords(await response!.transformToString());
    },
    /** Returns the compute of each session. Container images are removed after the test. */
    async computes(): Promise<(string | undefined)[]> {
      const { sessions } = await admin<{ sessions: SessionSummary[] }>('sessions');
      for (const { compute: machine } of sessions) {
        if (machine?.kind !== 'container') continue;
        const { Config } = await connectEngine().getContainer(machine.containerId).inspect();
        images.add(Config.Image);
      }
      return sessions.map(({ compute: machine }) => machine?.kind);
    },
  };
}

test.each([
  ['typescript-basic', 'process'],
  ['typescript-basic', 'container'],
  ['python-basic', 'process'],
  ['python-basic', 'container'],
] as const)(
  'a fresh copy of %s streams and keeps each session’s memory in a %s',
  async (template, compute) => {
    const { ask, computes } = await useConversation(template, compute);
    expect(await ask('a', '12 * 7')).toBe('That is 84.');
    expect(await ask('a', 'Remember that my city is Turin')).toMatch(/^I will remember/);
    expect(await ask('a', 'What is my city?')).toBe('You told me: Turin.');
    expect(await ask('b', 'What is my city?')).toMatch(/^You said/);
    expect(await computes()).toEqual([compute, compute]);
  },
);
