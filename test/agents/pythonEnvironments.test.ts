import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { useFolder } from '../support/agents.ts';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { eventually } from '../support/eventually.ts';
import { isAlive } from '../support/processes.ts';
import {
  makeVirtualEnvironment,
  plainPythonAgent,
  findPythonPackages,
  usePythonAgent,
} from '../support/python.ts';

const id = { runtimeSessionId: sessionId('a') };

const whichPython = plainPythonAgent(
  `{"prefix": sys.prefix, "version": sys.version_info[1], "onPath": shutil.which("python")}`,
  'import shutil',
);

/** A pyproject.toml that needs nothing from the network. */
const project = '[project]\nname = "assistant"\nversion = "1"\nrequires-python = ">=3.10"\n';

/** Sets PATH for the test. */
function usePath(path: string): void {
  const { PATH } = process.env;
  process.env['PATH'] = path;
  onTestFinished(() => {
    process.env['PATH'] = PATH;
  });
}

/** Puts a shell script first on PATH under a command's name. */
async function useScript(name: string, script: string): Promise<void> {
  const folder = await useFolder();
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  usePath([folder, process.env['PATH']].join(delimiter));
}

/** Puts uv on PATH and records its calls in a file. */
async function useUv(): Promise<{ calls(): Promise<string[]> }> {
  const file = join(await useFolder(), 'calls');
  await useScript('uv', `echo $1 >> ${file}; exec ${join(findPythonPackages(), 'bin', 'uv')} "$@"`);
  return { calls: async () => (await readFile(file, 'utf8')).trim().split('\n') };
}

test.each([
  ['beside the code', 'app/.venv'],
  ['at the project’s root', 'venv'],
])(
  'an agent runs on the virtual environment %s, and so do its child processes',
  async (_, folder) => {
    const root = await useFolder();
    const agent = await usePythonAgent(whichPython);
    await mkdir(join(root, 'app'));
    await writeFile(join(root, 'app', 'main.py'), whichPython);
    await makeVirtualEnvironment(join(root, folder));
    const { invoke } = await useEmulator({ agents: [{ ...agent, root, code: join(root, 'app') }] });
    expect(await invoke(id)).toMatchObject({
      prefix: join(root, folder),
      onPath: join(root, folder, 'bin', 'python'),
    });
  },
);

test('uv creates a missing virtual environment once for all sessions', async () => {
  const { calls } = await useUv();
  const agent = await usePythonAgent(whichPython);
  await writeFile(join(agent.code, 'pyproject.toml'), project);
  const { invoke, log } = await useEmulator({ agents: [agent] });
  const answers = await Promise.all([invoke(), invoke()]);
  for (const { prefix } of answers) expect(prefix).toBe(join(agent.code, '.venv'));
  expect(await calls()).toEqual(['sync']);
  expect(log.join('\n')).toContain('Creating virtual environment');
});

test('when uv fails, its output reaches the caller and no partial environment remains', async () => {
  await useUv();
  const agent = await usePythonAgent(whichPython);
  await writeFile(
    join(agent.code, 'pyproject.toml'),
    `${project}dependencies = ["assistant-tools @ file:///nowhere/tools-1-py3-none-any.whl"]\n`,
  );
  const { invoke } = await useEmulator({ agents: [agent] });
  await expect(invoke(id)).rejects.toThrow(
    /uv sync --project .* failed with exit code \d:[^]*nowhere/,
  );
  expect(existsSync(join(agent.code, '.venv'))).toBe(false);
});

test('closing the emulator ends its uv process', async () => {
  const pidFile = join(await useFolder(), 'pid');
  await useScript('uv', `echo $$ > ${pidFile}; exec sleep 600`);
  const agent = await usePythonAgent(whichPython);
  await writeFile(join(agent.code, 'pyproject.toml'), project);
  const { invoke, close } = await useEmulator({ agents: [agent] });
  const invoking = invoke(id).catch((error: unknown) => error);
  const pid = await eventually(async () => {
    const found = Number(await readFile(pidFile, 'utf8'));
    expect(found).toBeGreaterThan(0);
    return found;
  });
  await close();
  expect(isAlive(pid)).toBe(false);
  expect(await invoking).toBeInstanceOf(Error);
});

test('an agent whose Python version is not installed runs on the nearest one with one warning', async () => {
  const agent = await usePythonAgent(whichPython, { runtimeVersion: 'PYTHON_3_99' });
  const { invoke, log } = await useEmulator({ agents: [agent] });
  const { version } = await invoke();
  await invoke();
  const warnings = log.filter((line) => line.includes('requests PYTHON_3_99'));
  expect(warnings).toEqual([
    expect.stringContaining(`Here it runs on Python 3.${String(version)}.`),
  ]);
});

test('a virtual environment without its Python is reported', async () => {
  const agent = await usePythonAgent(whichPython);
  const environment = join(agent.code, '.venv');
  await makeVirtualEnvironment(environment);
  await rm(join(environment, 'bin'), { recursive: true });
  const { invoke } = await useEmulator({ agents: [agent] });
  await expect(invoke(id)).rejects.toThrow(
    /the Python of the virtual environment .*\.venv no longer exists\. Recreate/,
  );
});

test('without a virtual environment, the Python that an agent runs on is logged once', async () => {
  const { invoke, log } = await useEmulator({ agents: [await usePythonAgent(whichPython)] });
  await invoke({ runtimeSessionId: sessionId('a') });
  await invoke({ runtimeSessionId: sessionId('b') });
  expect(
    log.filter((line) => /No virtual environment \(\.venv\) found in .*runs on/.test(line)),
  ).toHaveLength(1);
});

test('for a missing package the caller learns the install command', async () => {
  const incomplete = await usePythonAgent('import nowhere');
  await expect((await useEmulator({ agents: [incomplete] })).invoke(id)).rejects.toThrow(
    /start time\. Python package nowhere is not installed in Python 3.*Run:\n.* -m venv .*\.venv && .*python -m pip install nowhere\nIts last output:\n/,
  );
  const unnamed = await usePythonAgent(
    'raise ModuleNotFoundError("No module named \'strands.models\'")',
  );
  await expect((await useEmulator({ agents: [unnamed] })).invoke(id)).rejects.toThrow(
    /Python package strands is not installed in [^]*python -m pip install strands-agents\n/,
  );
  const withUnderscore = await usePythonAgent(
    'raise ModuleNotFoundError("No module named \'bedrock_agentcore\'")',
  );
  await expect((await useEmulator({ agents: [withUnderscore] })).invoke(id)).rejects.toThrow(
    /python -m pip install bedrock-agentcore\n/,
  );
  const withEnvironment = await usePythonAgent('import nowhere');
  await makeVirtualEnvironment(join(withEnvironment.code, '.venv'));
  await writeFile(join(withEnvironment.code, 'requirements.txt'), 'nowhere');
  await expect((await useEmulator({ agents: [withEnvironment] })).invoke(id)).rejects.toThrow(
    /virtual environment\. Run:\n.*\.venv.*python -m pip install -r .*requirements\.txt\n/,
  );
});

test('without any Python the caller learns what to install', async () => {
  usePath(await useFolder());
  const { invoke } = await useEmulator({ agents: [await usePythonAgent(whichPython)] });
  await expect(invoke(id)).rejects.toThrow(/no Python found to run .*Install Python 3/);
});

test('an entrypoint that does not exist is reported by name', async () => {
  const agent = await usePythonAgent(whichPython);
  const { invoke } = await useEmulator({ agents: [{ ...agent, entrypoint: 'agent.py:app' }] });
  await expect(invoke(id)).rejects.toThrow(/the entrypoint agent\.py does not exist/);
});

test('a developer’s own sitecustomize still runs', async () => {
  const agent = await usePythonAgent(plainPythonAgent('{"greeting": os.environ.get("GREETING")}'));
  await writeFile(
    join(agent.code, 'sitecustomize.py'),
    'import os\nos.environ["GREETING"] = "from sitecustomize"\n',
  );
  const { invoke } = await useEmulator({
    agents: [{ ...agent, environment: { PYTHONPATH: agent.code } }],
  });
  expect(await invoke(id)).toEqual({ greeting: 'from sitecustomize' });
});
