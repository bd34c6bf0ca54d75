import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readProject } from '../../../src/core/project/project.ts';
import { serverAgent, useFolder } from '../../support/agents.ts';
import { useEmulator } from '../../support/emulator.ts';

const answer = serverAgent(
  `if (url === '/invocations') return json(response, { file: import.meta.url });`,
);

/** Creates a project like `agentcore create --language TypeScript`, with these agent files. */
async function useOfficialLayout(
  files: Readonly<Record<string, string>>,
  runtime: object = {},
): Promise<string> {
  const root = await useFolder();
  const code = join(root, 'app', 'Demo');
  await mkdir(join(root, 'agentcore'));
  await mkdir(code, { recursive: true });
  await writeFile(
    join(root, 'agentcore', 'agentcore.json'),
    JSON.stringify({
      name: 'Demo',
      version: 1,
      managedBy: 'CDK',
      runtimes: [
        {
          name: 'Demo',
          build: 'CodeZip',
          entrypoint: 'main.js',
          codeLocation: 'app/Demo/',
          runtimeVersion: 'NODE_22',
          networkMode: 'PUBLIC',
          protocol: 'HTTP',
          ...runtime,
        },
      ],
    }),
  );
  await writeFile(join(code, 'package.json'), '{"type": "module"}');
  for (const [name, content] of Object.entries(files)) await writeFile(join(code, name), content);
  return root;
}

async function invoke(root: string): Promise<unknown> {
  const { name, agents } = await readProject(root);
  const source = { ...agents[0]!, kind: 'project' as const, project: name, root };
  const { url } = await useEmulator({ agents: [source] });
  const response = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  return response.json();
}

test('a main.js entrypoint that is not built runs its TypeScript source', async () => {
  const root = await useOfficialLayout({ 'main.ts': `const typed: string = 'ok';\n${answer}` });
  const { agents } = await readProject(root);
  expect(agents[0]!.warnings).toEqual([]);
  expect(await invoke(root)).toEqual({ file: expect.stringMatching(/\/main\.ts$/) });
});

test('a main.js entrypoint that exists runs, even beside a main.ts', async () => {
  const root = await useOfficialLayout({ 'main.js': answer, 'main.ts': 'throw new Error();' });
  expect(await invoke(root)).toEqual({ file: expect.stringMatching(/\/main\.js$/) });
});

test('a TypeScript agent with a Dockerfile is code when its source exists', async () => {
  const root = await useOfficialLayout(
    { 'main.ts': answer, Dockerfile: 'FROM scratch\n' },
    { build: undefined },
  );
  const { agents } = await readProject(root);
  expect(agents[0]).toMatchObject({ build: 'CodeZip', language: 'node' });
});

test('a missing entrypoint names both files that could start the agent', async () => {
  const root = await useOfficialLayout({});
  const { agents } = await readProject(root);
  expect(agents[0]!.warnings).toEqual([expect.stringMatching(/main\.js.*main\.ts/)]);
});
