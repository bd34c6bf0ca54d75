import { randomUUID } from 'node:crypto';
import type {
  InvokeAgentRuntimeCommandRequest,
  InvokeAgentRuntimeCommandResponse,
  ResponseChunk,
} from '@aws-sdk/client-bedrock-agentcore';
import type { Clock } from '../../../clock.ts';
import { CannotStartError, type RunningCommand } from '../../../compute/compute.ts';
import { agentFailed, constraintViolation, invalid } from '../../../wire/errors.ts';
import type { Call } from '../../../wire/handlers.ts';
import type { Access } from '../authorizers/access.ts';
import type { OnDisconnect } from '../invoke.ts';
import type { Session } from '../session.ts';
import type { RuntimeSessions } from '../runtimeSessions.ts';
import { createOutputText } from './outputText.ts';

type Output = Omit<InvokeAgentRuntimeCommandResponse, 'stream'> & {
  readonly stream: AsyncIterable<{ readonly chunk: ResponseChunk }>;
};

/** How a command ended, in the operation's words. */
type CommandStop = NonNullable<ResponseChunk['contentStop']>;

/** In seconds, as AWS documents it; the model does not say it. */
const TIMEOUT = { default: 300, least: 1, most: 3_600 };

/** AWS's exit code of what was no fault of the command. */
const PLATFORM_ERROR = -1;

/** How much of a command its session's timeline shows. */
const MAX_SHOWN_CHARACTERS = 200;

/** InvokeAgentRuntimeCommand: a fresh shell beside the agent, and what it prints while it runs. */
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
      throw invalid('body.command: it has a NUL character, which no shell can be given');
    }
    const endpoint = await access.admit(input, call, 'InvokeAgentRuntimeCommand');
    let running: RunningCommand | null = null;
    let isGone = false;
    call.onDisconnected(() => {
      isGone = true;
      abandon();
    });
    const runtimeSessionId = input.runtimeSessionId ?? randomUUID();
    const session = await sessions.acquire(endpoint, runtimeSessionId, call.requestId);

    function abandon(): void {
      if (!running) return;
      const becomes = onDisconnect === 'continue' ? 'runs on' : 'is ended';
      session.record({
        type: 'note',
        message: `the caller of request ${call.requestId} went away; the command ${becomes}`,
      });
      running.discard();
      if (onDisconnect === 'abort') running.kill();
    }

    const finish = (outcome: string) =>
      session.finishRequest(call.requestId, `${outcome}: ${shorten(command)}`);
    let events: Output['stream'];
    try {
      running = await session.instance.run(command);
      const stop = waitForStop(running, session, { clock, timeout, finish });
      events = streamOutput(running, stop);
      if (isGone) abandon();
    } catch (error) {
      const why = (error as Error).message;
      finish(`the command did not start, as ${why}`);
      if (!(error instanceof CannotStartError)) throw error;
      events = streamStartFailure(why);
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

/** Resolves when the command has ended; rejects where its session's end was its end. */
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
    const why = reason === null ? await session.explainEnd() : `the session ended: ${reason}`;
    finish(`the command was cut off, as ${why}`);
    throw agentFailed(`The command was cut off: ${why}`);
  }
  finish(
    status === 'COMPLETED'
      ? `the command ended with exit code ${exit.code}`
      : `the command was ended after its ${timeout} s`,
  );
  return { exitCode: exit.code, status };
}

async function* streamOutput(
  running: RunningCommand,
  stop: Promise<CommandStop>,
): Output['stream'] {
  // It is looked at after the output; until then nobody has to have seen how it ended.
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

async function* streamStartFailure(why: string): Output['stream'] {
  yield { chunk: { contentStart: {} } };
  yield { chunk: { contentDelta: { stderr: `The command did not start: ${why}\n` } } };
  yield { chunk: { contentStop: { exitCode: PLATFORM_ERROR, status: 'COMPLETED' } } };
}

function refuseTimeout(timeout: number): void {
  const { least, most } = TIMEOUT;
  if (timeout >= least && timeout <= most) return;
  const demand =
    timeout < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
  const path = 'body.timeout';
  throw constraintViolation([
    {
      path,
      message: `Value '${timeout}' at '${path}' failed to satisfy constraint: Member must have value ${demand}`,
    },
  ]);
}

function shorten(command: string): string {
  return command.length > MAX_SHOWN_CHARACTERS
    ? `${command.slice(0, MAX_SHOWN_CHARACTERS)}…`
    : command;
}
