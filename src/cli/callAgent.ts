import { PLACEHOLDER_CREDENTIALS } from '../aws/credentials.ts';
import { createTargetClient } from '../aws/targetClient.ts';
import type { Answer, ContentEvent } from '../core/invocation/answer.ts';
import { readAnswer } from '../core/invocation/answerReader.ts';
import { describeFailure } from '../core/invocation/failure.ts';
import { findTarget } from './findTarget.ts';
import { suggestFix, type UsedCredentials } from './fixes.ts';
import { TargetError } from './targetError.ts';
import { createToolProgress } from './toolProgress.ts';

/** One invocation of an agent, as the command line describes it. */
export interface AgentCall {
  /** A name, an id or an ARN. */
  readonly agent: string;
  readonly endpoint: string | undefined;
  readonly qualifier: string | undefined;
  readonly sessionId: string;
  readonly payload: string;
  readonly userId: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Prints the bytes of the answer, not the text in them. */
  readonly raw: boolean;
}

/** The exit codes of shells for SIGINT and SIGPIPE. */
const INTERRUPTED = 130;
const OUTPUT_CLOSED = 141;

/** Invokes an agent, local or deployed, prints its answer as it arrives, and returns the exit code. */
export async function callAgent({
  agent,
  endpoint,
  qualifier,
  sessionId,
  payload,
  userId,
  headers,
  raw,
}: AgentCall): Promise<number> {
  const stop = new AbortController();
  let exit = 0;
  const endWith = (code: number) => {
    exit ||= code;
    stop.abort();
  };
  process.once('SIGINT', () => endWith(INTERRUPTED));
  process.stdout.on('error', () => endWith(OUTPUT_CLOSED));

  const hasToken = 'authorization' in headers;
  let hasKey = true;
  let isAnswered = false;
  try {
    const { credentials, ...target } = await findTarget(agent, endpoint, process.env);
    hasKey = credentials !== PLACEHOLDER_CREDENTIALS;
    const client = createTargetClient(
      { ...target, qualifier },
      // The SDK requires credentials even if a token replaces the signature.
      hasToken ? { credentials: PLACEHOLDER_CREDENTIALS } : { ...(credentials && { credentials }) },
    );
    const answer = await client.invoke({ sessionId, payload, userId, headers }, stop.signal);
    isAnswered = true;
    await (raw ? showBytes(answer) : showText(answer));
  } catch (error) {
    if (exit === 0)
      process.stderr.write(`agentcore-emulator: ${explain(error, { hasToken, hasKey })}\n`);
    exit ||= 1;
  }
  // A refused request may not have started a session.
  if ((isAnswered || exit === INTERRUPTED) && exit !== OUTPUT_CLOSED) {
    process.stderr.write(`Continue this session with --session-id ${sessionId}\n`);
  }
  return exit;
}

async function showText(answer: Answer): Promise<void> {
  const progress = createToolProgress();
  let last = '\n';
  const report = (lines: readonly string[]) => {
    if (lines.length === 0) return;
    // A terminal shows both outputs, so the text's line ends first.
    const breaksLine = last !== '\n' && process.stdout.isTTY && process.stderr.isTTY;
    process.stderr.write(`${breaksLine ? '\n' : ''}${lines.map((line) => `[${line}]\n`).join('')}`);
    if (breaksLine) last = '\n';
  };
  for await (const event of readAnswer(answer)) {
    if (event.type === 'failure') {
      if (last !== '\n') await print('\n');
      report(progress.unfinished());
      throw Object.assign(new Error(event.failure.message), { name: event.failure.name });
    }
    report(progress.formatLines(event));
    const text = formatEvent(event);
    await print(text);
    last = text.at(-1) ?? last;
  }
  if (last !== '\n') await print('\n');
  last = '\n';
  report(progress.unfinished());
}

/** Returns the part of an event that standard output gets. */
function formatEvent(event: ContentEvent): string {
  if (event.type === 'text') return event.text;
  return event.type === 'data' && event.leftOut === undefined ? `${event.json}\n` : '';
}

async function showBytes({ body }: Answer): Promise<void> {
  for await (const bytes of body) await print(bytes);
}

/** Writes to standard output at the pace of its reader. */
function print(chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

function explain(error: unknown, credentials: UsedCredentials): string {
  const { name, message } = describeFailure(error);
  const problem = error instanceof TargetError ? message : `${name}: ${message}`;
  const fix = suggestFix(error, credentials);
  return fix === null ? problem : `${problem.replace(/[^.!?]$/, '$&.')} ${fix}`;
}
