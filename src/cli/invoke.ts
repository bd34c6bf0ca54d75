import { randomUUID } from 'node:crypto';
import { text as readText } from 'node:stream/consumers';
import { looksLikeJson, parsePayload } from '../core/invocation/payload.ts';
import { defineCommand, flag, listOption, option, type OptionValues } from './command.ts';
import { text, url, type ValueType } from './optionValues.ts';

/** A request header: its name in lower case, and its value. */
const header: ValueType<readonly [name: string, value: string]> = {
  expected: '"Name: value"',
  parse(written) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(written) ?? [];
    return name === undefined || value === undefined ? undefined : [name.toLowerCase(), value];
  },
};

const options = {
  sessionId: option(
    'ID',
    'Session to continue (default: a new one, whose ID is printed on standard error).',
    text,
  ),
  endpoint: option(
    'URL',
    'Emulator to call (default: the one that is running for this folder or a parent folder).',
    url,
  ),
  qualifier: option('NAME', 'Endpoint of the runtime (default: DEFAULT).', text),
  userId: option('ID', 'User on whose behalf the agent acts.', text),
  header: listOption(
    '"NAME: VALUE"',
    'Additional request header; may be repeated. Use "Authorization: Bearer TOKEN" for agents that require tokens.',
    header,
    'H',
  ),
  raw: flag('Print the raw bytes of the answer instead of its text.'),
};

/** `agentcore-emulator invoke`: sends one payload to an agent, local or deployed. */
export const invoke = defineCommand({
  name: 'invoke',
  summary: 'Send a prompt to an agent in a running emulator or in AWS.',
  description:
    'Sends a payload to an agent and prints its answer as it arrives. Tools that the agent uses are reported on standard error.',
  arguments: [
    {
      name: 'AGENT',
      description:
        'Name, ID or ARN of an agent in the emulator that is running for this folder, or the ARN of a runtime in AWS, which is called with your credentials.',
    },
    {
      name: 'PAYLOAD',
      description:
        'JSON document, or text, which is sent as {"prompt": TEXT}. Use - to read from standard input.',
    },
  ],
  options,
  footer:
    'Exit codes: 0 success, 1 error of the agent or service, 2 error in the command line, 130 Ctrl-C. The session continues in every case.',
  run,
});

async function run(
  { sessionId = randomUUID(), header: headers, ...values }: OptionValues<typeof options>,
  [agent = '', written = '']: readonly string[],
): Promise<number> {
  const input = written === '-' ? await readText(process.stdin) : written;
  const payload = parsePayload(input);
  if (payload !== input && looksLikeJson(input)) {
    process.stderr.write(
      'agentcore-emulator: The payload is not valid JSON, so it is sent as the text of a prompt.\n',
    );
  }
  const { callAgent } = await import('./callAgent.ts');
  return callAgent({ ...values, agent, sessionId, payload, headers: Object.fromEntries(headers) });
}
