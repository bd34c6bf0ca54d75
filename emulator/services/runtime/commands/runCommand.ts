import { randomUUID } from 'node:crypto';
import type {
  InvokeAgentRuntimeCommandRequest,
  InvokeAgentRuntimeCommandResponse,
  ResponseChunk,
} from '@aws-sdk/client-bedrock-agentcore';
import type { Clock } from '../../../clock.ts';
import { CannotStartError, type RunningCommand } from '../../../compute/compute.ts';
import type { OnDisconnect } from '../../../options.ts';
import { agentFailed, constraintViolation, invalid } from '../../../wire/errors.ts';
import type { Call } from '../../../wire/handlers.ts';
import type { Access } from '../authorizers/access.ts';
import type { Session } from '../session.ts';
import type { RuntimeSessions } from '../runtimeSessions.ts';
import { createOutputText } from './outputText.ts';

type Output = Omit<InvokeAgentRuntimeCommandResponse, 'stream'> & {
  readonly stream: AsyncIterable<{ readonly chunk: ResponseChunk }>;
};

/** The end of a command, in the operation's shape. */
type CommandStop = NonNullable<ResponseChunk['contentStop']>;

/** Seconds, from AWS's documentation. The service model has no such constraint. */
const TIMEOUT = { default: 300, min: 1, max: 3_600 };

/** AWS's exit code for an error of the platform. */
const PLATFORM_ERROR = -1;

/** Limit on the part of a command that the timeline shows. */
const MAX_SHOWN_CHARACTERS = 200;

/** InvokeAgentRuntimeCommand: runs a command in a new shell beside the agent and streams its output. */
export function createRunCommand({
  access,
  sessions,
  clock,
  onDisconnect,
}: {
  access: Access;
  sessions: RuntimeSessions;
  clock: Clock;
  onDisconnect: OnDisconnect;
}) {
  return async (input: InvokeAgentRuntimeCommandRequest, call: Call): Promise<Output> => {
    const { command = '', timeout = TIMEOUT.default } = input.body ?? {};
    refuseTimeout(timeout);
    if (command.includes('\0')) {
      throw invalid('body.command: A shell command cannot contain a NUL character.');
    }
    const endpoint = await access.admit(input, call, 'InvokeAgentRuntimeCommand');
    let running: RunningCommand | null = null;
    let hasDisconnected = false;
    call.onDisconnected(() => {
      hasDisconnected = true;
      abandon();
    });
    const runtimeSessionId = input.runtimeSessionId ?? randomUUID();
    const session = await sessions.acquire(endpoint, runtimeSessionId, call);

    function abandon(): void {
      if (!running) return;
      const effect = onDisconnect === 'continue' ? 'continues' : 'is canceled';
      session.record({
        type: 'note',
        message: `The caller of request ${call.requestId} disconnected. The command ${effect}.`,
      });
      running.discard();
      if (onDisconnect === 'abort') running.kill();
    }

    const finish = (outcome: string) =>
      session.finishRequest(call.requestId, `${outcome} Command: ${shorten(command)}`);
    let events: Output['stream'];
    try {
      running = await session.instance.run(command);
      const stop = waitForStop(running, session, { clock, timeout, finish });
      events = streamOutput(running, stop);
      if (hasDisconnected) abandon();
    } catch (error) {
      const reason = (error as Error).message;
      finish(`The command did not start: ${reason}.`);
      if (!(error instanceof CannotStartError)) throw error;
      events = streamStartFailure(reason);
    }
    return {
      runtimeSessionId,
      statusCode: 200,
      contentType: 'application/vnd.amazon.eventstream',
      traceId: input.traceId,
      traceParent: input.traceParent,
      traceState: input.traceState,
      baggage: input.baggage,
      stream: events,
    };
  };
}

/** Resolves when the command has ended; rejects if the end of its session ended it. */
async function waitForStop(
  running: RunningCommand,
  session: Session,
  { clock, timeout, finish }: { clock: Clock; timeout: number; finish: (outcome: string) => void },
): Promise<CommandStop> {
  let status: CommandStop['status'] = 'COMPLETED';
  const cancel = clock.at(clock.now() + timeout * 1000, async () => {
    status = 'TIMED_OUT';
    running.kill();
    await running.exited;
  });
  const exit = await running.exited;
  cancel();
  if (exit.withMachine) {
    const { reason } = session.life();
    const cause = reason === null ? await session.explainEnd() : `The session ended: ${reason}.`;
    finish(`The command was interrupted. ${cause}`);
    throw agentFailed(`The command was interrupted. ${cause}`);
  }
  finish(
    status === 'COMPLETED'
      ? `The command ended with exit code ${exit.code}.`
      : `The command timed out after ${timeout} s.`,
  );
  return { exitCode: exit.code, status };
}

async function* streamOutput(
  running: RunningCommand,
  stop: Promise<CommandStop>,
): Output['stream'] {
  // `stop` is awaited after the output. A rejection before that must not be unhandled.
  stop.catch(() => {});
  yield { chunk: { contentStart: {} } };
  const text = { stdout: createOutputText(), stderr: createOutputText() };
  for await (const { stream, bytes } of running.output) {
    for (const piece of text[stream].add(bytes)) {
      yield { chunk: { contentDelta: { [stream]: piece } } };
    }
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    for (const piece of text[stream].end()) yield { chunk: { contentDelta: { [stream]: piece } } };
  }
  yield { chunk: { contentStop: await stop } };
}

async function* streamStartFailure(reason: string): Output['stream'] {
  yield { chunk: { contentStart: {} } };
  yield { chunk: { contentDelta: { stderr: `The command did not start: ${reason}\n` } } };
  yield { chunk: { contentStop: { exitCode: PLATFORM_ERROR, status: 'COMPLETED' } } };
}

function refuseTimeout(timeout: number): void {
  const { min, max } = TIMEOUT;
  if (timeout >= min && timeout <= max) return;
  const constraint =
    timeout < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
  const path = 'body.timeout';
  throw constraintViolation([
    {
      path,
      message: `Value '${timeout}' at '${path}' failed to satisfy constraint: Member must have value ${constraint}`,
    },
  ]);
}

function shorten(command: string): string {
  return command.length > MAX_SHOWN_CHARACTERS
    ? `${command.slice(0, MAX_SHOWN_CHARACTERS)}…`
    : command;
}
