import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { useContainerAgent } from '../support/containers.ts';
import { useEmulator, type TestEmulator } from '../support/emulator.ts';
import { mcpUrl, useMcpClient } from '../support/mcp.ts';
import { botoEnvironment, usePythonAgent } from '../support/python.ts';

vi.setConfig({ testTimeout: 120_000 });

/** A server as in AWS's guide. Its tool returns the machine and the earlier calls there. */
const server = (stateless: 'True' | 'False') => `
import os
from mcp.server.fastmcp import Context, FastMCP
from pydantic import BaseModel

mcp = FastMCP(host="0.0.0.0", stateless_http=${stateless})
calls = 0

class Trip(BaseModel):
    place: str

@mcp.tool()
def who_am_i(context: Context) -> dict:
    global calls
    calls += 1
    session = context.request_context.request.headers["mcp-session-id"]
    return {"pid": os.getpid(), "calls": calls, "session": session}

@mcp.tool()
async def ask(context: Context) -> dict:
    answer = await context.elicit("Where to?", Trip)
    return {"place": answer.data.place}

mcp.run(transport="streamable-http")
`;

/** A client as in AWS's guide, without credentials. */
const client = (body: string) => `
import asyncio, json, sys
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client
from mcp.types import ElicitResult

async def elicit(context, params):
    return ElicitResult(action="accept", content={"place": "Oslo"})

async def main():
    async with streamablehttp_client(sys.argv[1]) as (read, write, session_id):
        async with ClientSession(read, write, elicitation_callback=elicit) as session:
            await session.initialize()
            async def call(tool):
                return json.loads((await session.call_tool(tool, {})).content[0].text)
            ${body}

asyncio.run(main())
`;

async function run(emulator: TestEmulator, body: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    'python3',
    ['-c', client(body), mcpUrl(emulator, emulator.agent).href],
    { env: botoEnvironment(emulator.url) },
  );
  return JSON.parse(stdout) as unknown;
}

const talk = `print(json.dumps([await call("who_am_i"), await call("who_am_i"), session_id()]))`;

interface Said {
  readonly pid: number;
  readonly calls: number;
  readonly session: string;
}

test.each(['True', 'False'] as const)(
  'Python’s client keeps its machine by the issued ID, with FastMCP stateless_http=%s',
  async (stateless) => {
    const agent = await usePythonAgent(server(stateless), { protocol: 'MCP' });
    const emulator = await useEmulator({ agents: [agent] });
    const [one, two, id] = (await run(emulator, talk)) as [Said, Said, string];
    expect([one.calls, two.calls, one.pid === two.pid]).toEqual([1, 2, true]);
    expect([one.session, two.session]).toEqual([id, id]);
    const [other] = (await run(emulator, talk)) as [Said];
    expect([other.calls, other.pid === one.pid]).toEqual([1, false]);
  },
);

test('FastMCP elicits input through Python’s and TypeScript’s clients', async () => {
  const agent = await usePythonAgent(server('False'), { protocol: 'MCP' });
  const emulator = await useEmulator({ agents: [agent] });
  expect(await run(emulator, `print(json.dumps(await call("ask")))`)).toEqual({ place: 'Oslo' });
  const { call } = await useMcpClient(mcpUrl(emulator, emulator.agent));
  const { pid, session } = await call('who_am_i');
  expect(await call('who_am_i')).toEqual({ pid, calls: 2, session });
});

test('Python’s client learns why an agent does not start', async () => {
  const agent = await usePythonAgent(`raise SystemExit("no key")`, { protocol: 'MCP' });
  const emulator = await useEmulator({ agents: [agent] });
  await expect(run(emulator, talk)).rejects.toThrow(
    /McpError: The agent ended with exit code 1 before it answered MCP’s ping.*no key/s,
  );
});

test('an MCP server works in a container as in a process', async () => {
  const { source } = await useContainerAgent(
    {
      'main.py': server('True'),
      Dockerfile: `FROM python:3.11-slim
RUN pip install --no-cache-dir mcp==1.30.0
COPY main.py /app/main.py
CMD ["python", "/app/main.py"]
`,
    },
    { protocol: 'MCP' },
  );
  const emulator = await useEmulator({ agents: [source] });
  const { call } = await useMcpClient(mcpUrl(emulator, emulator.agent));
  const { pid } = await call('who_am_i');
  expect(await call('who_am_i')).toMatchObject({ pid, calls: 2 });
});
