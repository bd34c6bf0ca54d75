import {
  InvokeAgentRuntimeCommandCommand,
  type InvokeAgentRuntimeCommandRequest,
  type ResponseChunk,
} from '@aws-sdk/client-bedrock-agentcore';
import type { TestEmulator } from './emulator.ts';

/** What a command printed and how it ended. */
interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly status: string;
}

/** The events of one command by the AWS SDK, as they come. */
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

/** A command to its end, by the AWS SDK. */
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
  throw new Error('the stream ended before the command');
}
