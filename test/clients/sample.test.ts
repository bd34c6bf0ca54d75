import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { AgentSummary } from '../../src/shared/emulator.ts';
import { sample, useCommand } from '../support/command.ts';
import { sessionId } from '../support/emulator.ts';
import { botoEnvironment, usePythonSample } from '../support/python.ts';
import { readWords } from '../support/serverSentEvents.ts';

const run = promisify(execFile);

const samples = [
  ['TypeScript', () => sample],
  ['Python', usePythonSample],
] as const;

/** Starts a sample with the built command, as `npm start` does. */
async function useSample(
  project: () => string | Promise<string>,
): Promise<{ url: string; arn: string }> {
  const { url } = await useCommand([await project(), '--port', '0', '--ephemeral']).ready();
  const response = await fetch(`${url}/_emulator/agents`);
  const { agents } = (await response.json()) as { agents: AgentSummary[] };
  return { url, arn: agents[0]!.arn };
}

test.each(samples)(
  'boto3 invokes the %s sample with only the endpoint variable set',
  async (language, project) => {
    const { url, arn } = await useSample(project);
    const script = `
import boto3, json, sys
client = boto3.client("bedrock-agentcore")
answer = client.invoke_agent_runtime(
    agentRuntimeArn=sys.argv[1], runtimeSessionId=sys.argv[2], contentType="application/json",
    payload=json.dumps({"prompt": "12 * 7", "stream": False}).encode())
print(json.dumps({"session": answer["runtimeSessionId"], "status": answer["statusCode"],
                  "answer": json.loads(answer["response"].read())}))
try:
    client.invoke_agent_runtime(agentRuntimeArn=sys.argv[1], payload=b"{}")
except client.exceptions.RuntimeClientError as error:
    print(error.response["Error"]["Message"])
client.stop_runtime_session(agentRuntimeArn=sys.argv[1], runtimeSessionId=sys.argv[2])
`;
    const { stdout } = await run('python3', ['-c', script, arn, sessionId('boto')], {
      env: botoEnvironment(url),
    });
    const [answer, refusal] = stdout.trim().split('\n');
    expect(JSON.parse(answer!)).toEqual({
      session: sessionId('boto'),
      status: 200,
      answer: { result: 'That is 84.' },
    });
    // boto3 sends no Content-Type by default. The TypeScript SDK answers 415 to that; the Python SDK
    // reads the payload.
    expect(refusal).toMatch(
      language === 'TypeScript'
        ? /had no Content-Type.*contentType: 'application\/json'/
        : /Received error \(500\).*the payload needs a prompt/,
    );
  },
);

test.each(samples)(
  'the curl command that start prints streams the %s sample’s answer',
  async (_, project) => {
    const running = useCommand([await project(), '--port', '0', '--ephemeral']);
    await running.ready();
    await expect.poll(running.stderr).toContain('Call Assistant: ');
    const [, command] = /Call Assistant: (curl .*)/.exec(running.stderr())!;
    const { stdout } = await run('sh', ['-c', command!]);
    expect(readWords(stdout)).toBe('That is 84.');
  },
);
