import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ProjectAgentSource } from '../../emulator/index.ts';
import { useAgent } from './agents.ts';
import { usePart } from './parts.ts';
import { useTemplate } from './project.ts';

/** The folder with the Python packages of the tests. */
export function pythonPackages(): string {
  return usePart('python');
}

/** An agent of the given Python, which is the whole of its main.py. */
export function usePythonAgent(
  main: string,
  overrides: Partial<ProjectAgentSource> & { readonly entrypoint?: string } = {},
): Promise<ProjectAgentSource> {
  return useAgent(main, {
    language: 'python',
    entrypoint: 'main.py',
    ...overrides,
    environment: { PYTHONPATH: pythonPackages(), ...overrides.environment },
  });
}

/** Makes a virtual environment that has the packages of the tests. */
export async function makeVirtualEnvironment(folder: string): Promise<void> {
  await promisify(execFile)('python3', ['-m', 'venv', '--without-pip', folder]);
  const [version = ''] = await readdir(join(folder, 'lib'));
  await writeFile(join(folder, 'lib', version, 'site-packages', 'tests.pth'), pythonPackages());
}

/** what leads boto3 to an emulator: the endpoint variables, and any region and credentials. */
export function botoEnvironment(url: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PYTHONPATH: pythonPackages(),
    AWS_ENDPOINT_URL_BEDROCK_AGENTCORE: url,
    AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL: url,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}

/** What a program of Python prints as JSON, led to an emulator by boto3's own variables. */
export async function runPython<Printed = unknown>(
  url: string,
  program: string,
  args: readonly string[] = [],
): Promise<Printed> {
  const { stdout } = await promisify(execFile)('python3', ['-c', program, ...args], {
    env: botoEnvironment(url),
  });
  return JSON.parse(stdout) as Printed;
}

/** A copy of the Python sample, with its packages installed as its README says. */
export async function usePythonSample(): Promise<string> {
  const project = await useTemplate('python-basic');
  await makeVirtualEnvironment(join(project, 'app', 'Assistant', '.venv'));
  return project;
}

/** Answers /invocations by `answer(payload)` and everything else by a healthy ping; no SDK. */
export const plainPythonAgent = (answer: string, before = ''): string => `
import json, os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
${before}
class Handler(BaseHTTPRequestHandler):
    def reply(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        self.reply({"status": "Healthy"})
    def do_POST(self):
        payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.reply(${answer})
    def log_message(self, *_):
        pass

ThreadingHTTPServer(("", 8080), Handler).serve_forever()
`;

/** Unmodified, as its users write it: the official SDK, `app.run()` and no port. */
export const sdkAgent = (handlers: string): string => `
import asyncio, os, threading, time
from bedrock_agentcore import BedrockAgentCoreApp, PingStatus

app = BedrockAgentCoreApp()
${handlers}
app.run()
`;

const requirements = readFileSync(new URL('../requirements.txt', import.meta.url), 'utf8');

/** The image of an agent of the official SDK whose whole code is main.py. */
export const pythonSdkDockerfile = `FROM python:3.11-slim
RUN pip install --no-cache-dir ${/^bedrock-agentcore==.*$/m.exec(requirements)![0]}
COPY main.py /app/main.py
ENV PYTHONUNBUFFERED=1
CMD ["python", "/app/main.py"]
`;
