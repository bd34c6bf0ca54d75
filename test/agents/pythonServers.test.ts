import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { eventually } from '../support/eventually.ts';
import { isAlive } from '../support/processes.ts';
import { plainPythonAgent, usePythonAgent } from '../support/python.ts';

const id = { runtimeSessionId: sessionId('a') };

/** An agent on FastAPI without an SDK. On request it calls itself on its port. */
const api = `
import asyncio, os
from fastapi import FastAPI
app = FastAPI()

@app.get("/ping")
async def ping():
    return {"status": "Healthy", "cwd": os.getcwd()}

@app.post("/invocations")
async def invoke(payload: dict):
    reader, writer = await asyncio.open_connection("localhost", 8080)
    writer.write(b"GET /ping HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n")
    answer = (await reader.read()).decode()
    return {"self": answer.splitlines()[-1], "loop": type(asyncio.get_running_loop()).__module__,
            "pid": os.getpid(), "cwd": os.getcwd()}
`;

/** Starts a server by its command from main.py. */
const command = (...args: string[]) =>
  `import os, sys; os.execv(sys.executable, [sys.executable, "-m", *${JSON.stringify(args)}])`;

async function useApi(main: string) {
  const agent = await usePythonAgent(main);
  await writeFile(join(agent.code, 'api.py'), api);
  return useEmulator({ agents: [agent] });
}

test.each([
  [
    'uvicorn on asyncio',
    'import uvicorn; uvicorn.run("api:app", port=8080, loop="asyncio")',
    /asyncio/,
  ],
  [
    'uvicorn on uvloop',
    'import uvicorn; uvicorn.run("api:app", host="0.0.0.0", port=8080, loop="uvloop")',
    /uvloop/,
  ],
  ['uvicorn on IPv6 alone', 'import uvicorn; uvicorn.run("api:app", host="::", port=8080)', /./],
  [
    'uvicorn with worker processes',
    command('uvicorn', 'api:app', '--port=8080', '--workers=2'),
    /./,
  ],
  [
    'gunicorn',
    command('gunicorn', 'api:app', '--bind=0.0.0.0:8080', '-k', 'uvicorn.workers.UvicornWorker'),
    /./,
  ],
  ['hypercorn', command('hypercorn', 'api:app', '--bind=0.0.0.0:8080'), /asyncio/],
  [
    'both addresses of localhost',
    command('hypercorn', 'api:app', '--bind=[::1]:8080', '--bind=127.0.0.1:8080'),
    /./,
  ],
  [
    'a server in a process of multiprocessing',
    `import multiprocessing
def serve():
    import uvicorn
    uvicorn.run("api:app", port=8080)
if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    multiprocessing.Process(target=serve).start()`,
    /./,
  ],
])(
  'two sessions on %s both serve on port 8080 and reach themselves there',
  async (_, main, loop) => {
    const { invoke } = await useApi(main);
    const answers = await Promise.all([invoke(), invoke()]);
    for (const { self, loop: used, cwd } of answers) {
      expect(JSON.parse(String(self))).toEqual({ status: 'Healthy', cwd });
      expect(used).toMatch(loop);
    }
    expect(answers[0]['cwd']).not.toBe(answers[1]['cwd']);
  },
);

test('an agent that reloads itself keeps its port', async () => {
  const { invoke, sessions } = await useApi(
    command('uvicorn', 'api:app', '--port=8080', '--reload'),
  );
  const { pid, cwd } = await invoke(id);
  const before = (await sessions())[0]!.compute!;
  // uvicorn may not have read the file's first state yet, so the file is changed again.
  await eventually(async () => {
    await writeFile(join(String(cwd), 'api.py'), `${api}\nCHANGED = ${Date.now()}\n`);
    await sleep(1_000);
    expect((await invoke(id))['pid']).not.toBe(pid);
  });
  expect((await sessions())[0]?.compute).toEqual(before);
});

test('an agent’s Python and Node child processes reach it on port 8080 and end with it', async () => {
  const agent = await usePythonAgent(
    plainPythonAgent(
      `{"python": ask("python", "-c", BY_PYTHON), "node": ask(os.environ["NODE"], "-e", BY_NODE),
                    "pid": os.getpid(), "child": child.pid}`,
      `
import subprocess
BY_PYTHON = "import urllib.request as r; print(r.urlopen('http://localhost:8080/ping').read().decode())"
BY_NODE = "fetch('http://127.0.0.1:8080/ping').then(async (r) => console.log(await r.text()))"
def ask(*command):
    return json.loads(subprocess.check_output(command))
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()"])
`,
    ),
    { environment: { NODE: process.execPath } },
  );
  const { invoke, client, agent: runtime } = await useEmulator({ agents: [agent] });
  const { python, node, pid, child } = await invoke(id);
  expect([python, node]).toEqual([{ status: 'Healthy' }, { status: 'Healthy' }]);
  await client().send(new StopRuntimeSessionCommand({ agentRuntimeArn: runtime.arn, ...id }));
  await eventually(() => expect([isAlive(pid), isAlive(child)]).toEqual([false, false]));
});
