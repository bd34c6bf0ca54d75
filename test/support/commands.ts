import {
  InvokeAgentRuntimeCommandCommand,
  type InvokeAgentRuntimeCommandRequest,
  type ResponseChunk,
} from '@aws-sdk/client-bedrock-agentcore';
import type { TestEmulator } from './emulator.ts';

/** A command's output and exit status. */
interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly status: string;
}

/** Runs a command in a session with the AWS SDK and yields its events. */
export async function* commandEvents(
  { client, agent }: Pick<TestEmulator, 'client' | 'agent'>,
  command: string,
  {
    timeout,
    abortSignal,
    ...input
  }: Partial<InvokeAgentRuntimeCommandRequest> & {
    readonly timeout?: number;
    readonly abortSignal?: AbortSignal;
  } = {},
): AsyncGenerator<ResponseChunk> {
  const { stream } = await client().send(
    new InvokeAgentRuntimeCommandCommand({
      agentRuntimeArn: agent.arn,
      body: { command, timeout },
      ...input,
    }),
    { ...(abortSignal && { abortSignal }) },
  );
  for await (const { chunk } of stream!) yield chunk!;
}

/** Runs a command in a session until it ends, with the AWS SDK. */
export async function runCommand(
  emulator: Pick<TestEmulator, 'client' | 'agent'>,
  command: string,
  input: Parameters<typeof commandEvents>[2] = {},
): Promise<CommandResult> {
  let [stdout, stderr] = ['', ''];
  for await (const { contentDelta, contentStop } of commandEvents(emulator, command, input)) {
    stdout += contentDelta?.stdout ?? '';
    stderr += contentDelta?.stderr ?? '';
    if (contentStop)
      return { stdout, stderr, exitCode: contentStop.exitCode!, status: contentStop.status! };
  }
  throw new Error('The stream ended before the command did.');
}
