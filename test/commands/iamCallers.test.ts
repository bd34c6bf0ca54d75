import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BedrockAgentCoreClient, ListActorsCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import { useFolder } from '../support/agents.ts';
import { useCommand } from '../support/command.ts';
import { allow } from '../support/tenants.ts';

const KEYS = `[operator]
aws_access_key_id = ONE
aws_secret_access_key = secret
[tenant]
aws_access_key_id = TWO
aws_secret_access_key = secret
`;

/** Arguments with keys, a policy for another resource, and this `iam.json`. */
async function useIam(iam: string) {
  const folder = await useFolder();
  await writeFile(join(folder, 'keys'), KEYS);
  await writeFile(join(folder, 'iam.json'), iam);
  const policy = allow({ Sid: 'Other', Action: 'bedrock-agentcore:*', Resource: 'arn:x' });
  await writeFile(join(folder, 'tenant.json'), JSON.stringify(policy));
  const options = ['--no-project', '--port=0', '--ephemeral', '--auth=sigv4'];
  return [...options, '--credentials', join(folder, 'keys'), '--iam', join(folder, 'iam.json')];
}

test('callers are read from a file, and their policies from files beside it', async () => {
  const args = await useIam('{"callers": [{"accessKeyId": "TWO", "policies": ["tenant.json"]}]}');
  const running = useCommand(args, { AWS_REGION: 'us-east-1' });
  const { url } = await running.ready();
  const client = new BedrockAgentCoreClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'TWO', secretAccessKey: 'secret' },
  });
  onTestFinished(() => client.destroy());
  const memoryId = 'Notes-0123456789';
  await expect(client.send(new ListActorsCommand({ memoryId }))).rejects.toThrow(
    /^User: arn:aws:iam::000000000000:user\/TWO is not authorized to perform: /,
  );
  expect(running.stderr()).toContain(
    "ListActors is denied to access key TWO: statement 'Other' of tenant.json does not allow it: its Resource is arn:x but the request is for arn:aws:bedrock-agentcore:us-east-1:000000000000:memory/Notes-0123456789",
  );
});

test.each([
  ['{"callers": [', /iam\.json is not valid JSON/],
  ['{"caller": []}', /iam\.json: (?:the file|callers): /],
  ['{"callers": [{"policies": []}]}', /iam\.json: callers\.0: must be \{"accessKeyId": …\} or/],
  ['{"callers": [{"agent": "A", "policies": ["none.json"]}]}', /none\.json cannot be read/],
])('invalid callers are an error with exit code 2: %s', async (iam, message) => {
  const args = await useIam(iam);
  const running = useCommand(args);
  expect(await running.exited).toBe(2);
  expect(running.stderr()).toMatch(message);
});

test('a policy that cannot be evaluated is refused with its statement', async () => {
  const policy = allow({ Action: '*', Condition: { NotIpAddress: { 'aws:SourceIp': '::1' } } });
  const args = await useIam(JSON.stringify({ callers: [{ agent: 'A', policies: [policy] }] }));
  const running = useCommand(args);
  expect(await running.exited).toBe(1);
  expect(running.stderr()).toMatch(
    /--iam: policy 1 of agent A: statement 1 has the condition operator NotIpAddress, which is not emulated. Operators: /,
  );
});
