import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { payloadOf } from '../core/invocation/payload.ts';
import { UsageError } from './usage.ts';

/** What `invoke --help` prints. */
const help = `Usage: agentcore-emulator invoke AGENT PAYLOAD [options]

Sends a payload to an agent and prints its answer as it comes. The tools that the agent uses are
told on standard error.

  AGENT                a name, id or ARN of the emulator that runs for this folder,
                       or the ARN of a runtime in AWS, which is called with your credentials
  PAYLOAD              a JSON document, or text, which is sent as {"prompt": text};
                       - reads it from standard input

  --session-id ID      go on with a session (default: a new one; its id is on standard error)
  --endpoint URL       the emulator to call (default: the one of this folder or one above)
  --qualifier NAME     the runtime's endpoint (default: DEFAULT)
  --user-id ID         for whom the agent acts
  -H, --header "N: V"  a further header, any number of times; "Authorization: Bearer TOKEN" for
                       agents that take tokens
  --raw                print the answer's bytes as they come, instead of the text in them
  --help

Ends with 0, with 1 where the agent or the service refused, with 2 for a mistake in these options,
and with 130 by Ctrl-C; the session goes on in any case.
`;

const options = {
  'session-id': { type: 'string' },
  qualifier: { type: 'string' },
  'user-id': { type: 'string' },
  header: { type: 'string', short: 'H', multiple: true },
  endpoint: { type: 'string' },
  raw: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `agentcore-emulator invoke`: one prompt to an agent, local or deployed, and its answer as it comes. */
export async function invoke(args: string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [agent, written, ...more] = positionals;
  if (agent === undefined || written === undefined || more.length > 0) {
    throw new UsageError(
      `invoke takes an agent and a payload, as in: invoke Assistant "12 * 7"${more.length > 0 ? '; a payload of several words is quoted' : ''}`,
    );
  }
  const headers = readHeaders(values.header ?? []);
  const payload = payloadOf(written === '-' ? await text(process.stdin) : written);

  const { callAgent } = await import('./callAgent.ts');
  return callAgent({
    agent,
    endpoint: values.endpoint,
    qualifier: values.qualifier,
    sessionId: values['session-id'] ?? randomUUID(),
    payload,
    userId: values['user-id'],
    headers,
    raw: values.raw ?? false,
  });
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    // Node's own sentences name the option; the hint after them speaks of something else.
    throw new UsageError((error as Error).message.split('. ')[0] ?? '');
  }
}

function readHeaders(written: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    written.map((header) => {
      const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(header) ?? [];
      if (name !== undefined && value !== undefined) return [name.toLowerCase(), value];
      throw new UsageError(`--header takes "Name: value", not '${header}'`);
    }),
  );
}
