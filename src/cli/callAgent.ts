import { ANY_CREDENTIALS } from '../aws/localAgents.ts';
import { createTargetClient } from '../aws/targetClient.ts';
import type { Answer, ToldEvent } from '../core/invocation/answer.ts';
import { readAnswer } from '../core/invocation/answerReader.ts';
import { failureOf } from '../core/invocation/failure.ts';
import { createAsides } from './asides.ts';
import { findTarget, TargetError } from './findTarget.ts';
import { mendOf, type CallerMeans } from './mends.ts';

/** One call of an agent, as the command line gives it. */
export interface AgentCall {
  /** A name, an id or an ARN. */
  readonly agent: string;
  readonly endpoint: string | undefined;
  readonly qualifier: string | undefined;
  readonly sessionId: string;
  readonly payload: string;
  readonly userId: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the answer's bytes are wanted, instead of the text in them. */
  readonly raw: boolean;
}

/** The exit codes of shells for SIGINT and SIGPIPE. */
const INTERRUPTED = 130;
const NOBODY_READS = 141;

/** Calls an agent, local or deployed, prints its answer as it comes, and gives back the exit code. */
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
  process.stdout.on('error', () => endWith(NOBODY_READS));

  const hasToken = 'authorization' in headers;
  let hasKey = true;
  let isAnswered = false;
  try {
    const target = await findTarget(agent, endpoint, process.env);
    hasKey = target.credentials !== ANY_CREDENTIALS;
    const client = createTargetClient({
      ...target,
      // Who has a token needs no key; the SDK wants one all the same.
      ...(hasToken && { credentials: ANY_CREDENTIALS }),
      qualifier,
    });
    const answer = await client.invoke({ sessionId, payload, userId, headers }, stop.signal);
    isAnswered = true;
    await (raw ? showBytes(answer) : showText(answer));
  } catch (error) {
    if (exit === 0)
      process.stderr.write(`agentcore-emulator: ${explain(error, { hasToken, hasKey })}\n`);
    exit ||= 1;
  }
  // Of what was refused there may be no session.
  if ((isAnswered || exit === INTERRUPTED) && exit !== NOBODY_READS) {
    process.stderr.write(`Go on with this session by --session-id ${sessionId}\n`);
  }
  return exit;
}

async function showText(answer: Answer): Promise<void> {
  const asides = createAsides();
  let last = '\n';
  const tell = (lines: readonly string[]) => {
    // On a terminal both are one; a program that reads the one is not given a line for the other.
    const isBetween = last !== '\n' && process.stdout.isTTY && process.stderr.isTTY;
    if (lines.length === 0) return;
    process.stderr.write(`${isBetween ? '\n' : ''}${lines.map((line) => `[${line}]\n`).join('')}`);
    if (isBetween) last = '\n';
  };
  for await (const event of readAnswer(answer)) {
    if (event.type === 'failure') {
      if (last !== '\n') await print('\n');
      tell(asides.end());
      throw Object.assign(new Error(event.failure.message), { name: event.failure.name });
    }
    tell(asides.of(event));
    const words = wordsOf(event);
    await print(words);
    last = words.at(-1) ?? last;
  }
  if (last !== '\n') await print('\n');
  last = '\n';
  tell(asides.end());
}

/** What of an answer goes to standard output, where a program may read it. */
function wordsOf(event: ToldEvent): string {
  if (event.type === 'text') return event.text;
  return event.type === 'data' && event.leftOut === undefined ? `${event.json}\n` : '';
}

async function showBytes({ body }: Answer): Promise<void> {
  for await (const bytes of body) await print(bytes);
}

// At the pace of whoever reads.
function print(chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

function explain(error: unknown, means: CallerMeans): string {
  const { name, message } = failureOf(error);
  const what = error instanceof TargetError ? message : `${name}: ${message}`;
  const mend = mendOf(error, means);
  return mend === null ? what : `${what.replace(/[^.!?]$/, '$&.')} ${mend}`;
}
