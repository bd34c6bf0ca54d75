import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectAgentSource } from '../../emulator/index.ts';
import { serverAgent, useAgent } from '../support/agents.ts';
import { useContainerAgent } from '../support/containers.ts';
import { pythonSdkDockerfile, sdkAgent, usePythonAgent } from '../support/python.ts';
import { samplePackages } from '../support/project.ts';

// Agents that keep working after they have answered, and report to the test at the URL in WORLD. They run the
// job "silent" without reporting HealthyBusy. During any other job they report it.

/** Creates an agent that reports its work to the test at a URL. */
export type UseWorker = (world: string) => Promise<ProjectAgentSource>;

const python = (handlers: string) =>
  sdkAgent(`
from urllib.request import urlopen
def call(path):
    urlopen(os.environ["WORLD"] + path).read()
def work(job):
    call("/job/" + job)
    call("/done/" + job)
def start(target, *args):
    threading.Thread(target=target, args=args, daemon=True).start()
${handlers}
`);

const withAddAsyncTask = python(`
def tracked(job, task):
    work(job)
    app.complete_async_task(task)

@app.entrypoint
def invoke(payload):
    if payload["job"] == "silent":
        start(work, "silent")
    else:
        start(tracked, payload["job"], app.add_async_task("work"))
    return {}
`);

const withAsyncTask = python(`
jobs = []
@app.async_task
async def tracked(job):
    await asyncio.to_thread(work, job)

@app.entrypoint
async def invoke(payload):
    job = payload["job"]
    jobs.append(asyncio.create_task(asyncio.to_thread(work, job) if job == "silent" else tracked(job)))
    return {}
`);

const withOwnPing = python(`
busy = False
@app.ping
def ping():
    return PingStatus.HEALTHY_BUSY if busy else PingStatus.HEALTHY

def tracked(job):
    global busy
    busy = True
    work(job)
    busy = False

@app.entrypoint
def invoke(payload):
    start(work if payload["job"] == "silent" else tracked, payload["job"])
    return {}
`);

const work = `
const call = async (path) => (await fetch(process.env.WORLD + path)).text();
const work = async (job) => {
  await call('/job/' + job);
  await call('/done/' + job);
};
`;

const typeScript = (before: string, start: string, options = '') => `
import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime';
${work}
${before}
const app = new BedrockAgentCoreApp({
  ${options}
  invocationHandler: {
    process: async ({ job }) => {
      if (job === 'silent') void work(job);
      else ${start}
      return {};
    },
  },
  config: { logging: { enabled: false } },
});
app.run();
`;

const plain = serverAgent(
  `if (url === '/invocations') {
     const { job } = JSON.parse(body);
     if (job === 'silent') void work(job);
     else {
       become('HealthyBusy');
       void work(job).then(() => become('Healthy'));
     }
     return json(response, {});
   }
   return json(response, health);`,
  `${work}
   let health;
   const become = (status) => (health = { status, time_of_last_update: Math.floor(Date.now() / 1000) });
   become('Healthy');`,
);

const inPython =
  (main: string): UseWorker =>
  (world) =>
    usePythonAgent(main, { environment: { WORLD: world } });

const inNode =
  (main: string): UseWorker =>
  async (world) => {
    const agent = await useAgent(main, { environment: { WORLD: world } });
    await symlink(samplePackages, join(agent.code, 'node_modules'), 'junction');
    return agent;
  };

const inContainer =
  (files: Readonly<Record<string, string>>): UseWorker =>
  async (world) =>
    (await useContainerAgent(files, { environment: { WORLD: world } })).source;

/** Reports busy by `app.add_async_task` and `app.complete_async_task` of the Python SDK. */
export const addAsyncTask = inPython(withAddAsyncTask);

/** The same in a container. */
export const addAsyncTaskInContainer = inContainer({
  Dockerfile: pythonSdkDockerfile,
  'main.py': withAddAsyncTask,
});

/** Reports busy by `@app.async_task` of the Python SDK. */
export const asyncTask = inPython(withAsyncTask);

/** Reports busy by `@app.ping` of the Python SDK. */
export const ownPing = inPython(withOwnPing);

/** Reports busy by `app.addAsyncTask` and `app.completeAsyncTask` of the TypeScript SDK. */
export const addAsyncTaskInNode = inNode(
  typeScript(
    '',
    `{
      const task = app.addAsyncTask('work');
      void work(job).then(() => app.completeAsyncTask(task));
    }`,
  ),
);

/** Reports busy by `app.asyncTask` of the TypeScript SDK. */
export const asyncTaskInNode = inNode(
  typeScript('', 'void app.asyncTask(async () => { await work(job); })();'),
);

/** Reports busy by a `pingHandler` of the TypeScript SDK. */
export const pingHandler = inNode(
  typeScript(
    'let busy = false;',
    `{
      busy = true;
      void work(job).then(() => (busy = false));
    }`,
    `pingHandler: () => (busy ? 'HealthyBusy' : 'Healthy'),`,
  ),
);

/** Reports busy by its own /ping, without an SDK. */
export const withoutSdk = inNode(plain);

/** The same in a container. */
export const withoutSdkInContainer = inContainer({ 'main.mjs': plain });
