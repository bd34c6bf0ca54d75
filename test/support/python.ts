import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ProjectAgentSource } from '../../emulator/index.ts';
import { useAgent } from './agents.ts';
import { usePart } from './parts.ts';
import { useTemplate } from './project.ts';

/** Returns the folder of the tests' Python packages. */
export function findPythonPackages(): string {
  return usePart('python');
}

/** Creates a Python agent with the given main.py. */
export function usePythonAgent(
  main: string,
  overrides: Partial<ProjectAgentSource> & { readonly entrypoint?: string } = {},
): Promise<ProjectAgentSource> {
  return useAgent(main, {
    language: 'python',
    entrypoint: 'main.py',
    ...overrides,
    environment: { PYTHONPATH: findPythonPackages(), ...overrides.environment },
  });
}

/** Creates a virtual environment with the tests' packages. */
export async function makeVirtualEnvironment(folder: string): Promise<void> {
  await promisify(execFile)('python3', ['-m', 'venv', '--without-pip', folder]);
  const [version = ''] = await readdir(join(folder, 'lib'));
  await writeFile(join(folder, 'lib', version, 'site-packages', 'tests.pth'), findPythonPackages());
}

/** Returns an environment in which boto3 calls an emulator. Region and credentials are arbitrary. */
export function botoEnvironment(url: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PYTHONPATH: findPythonPackages(),
    AWS_ENDPOINT_URL_BEDROCK_AGENTCORE: url,
    AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL: url,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}

/** Runs a Python program with boto3 configured for an emulator, and parses its output as JSON. */
export async function runPython<Printed = unknown>(
  url: string,
  program: string,
  args: readonly string[] = [],
  input = '',
): Promise<Printed> {
  const running = promisify(execFile)('python3', ['-c', program, ...args], {
    env: botoEnvironment(url),
    maxBuffer: 64_000_000,
  });
  running.child.stdin!.end(input);
  const { stdout } = await running;
  return JSON.parse(stdout) as Printed;
}

/** Copies the Python sample and creates its virtual environment. */
export async function usePythonSample(): Promise<string> {
  const project = await useTemplate('python-basic');
  await makeVirtualEnvironment(join(project, 'app', 'Assistant', '.venv'));
  return project;
}

/** Source of an agent without an SDK. Returns `answer(payload)` for invocations and a healthy ping otherwise. */
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

/** Source of an agent on the unmodified official SDK. */
export const sdkAgent = (handlers: string): string => `
import asyncio, os, threading, time
from bedrock_agentcore import BedrockAgentCoreApp, PingStatus

app = BedrockAgentCoreApp()
${handlers}
app.run()
`;

const requirements = readFileSync(new URL('../requirements.txt', import.meta.url), 'utf8');

/** Dockerfile of an agent on the official SDK whose code is main.py. */
export const pythonSdkDockerfile = `FROM python:3.11-slim
RUN pip install --no-cache-dir ${/^bedrock-agentcore==.*$/m.exec(requirements)![0]}
COPY main.py /app/main.py
ENV PYTHONUNBUFFERED=1
CMD ["python", "/app/main.py"]
`;
