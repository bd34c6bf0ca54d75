import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { a2aUrl, connectA2a, userMessage } from '../support/a2a.ts';
import { useContainerAgent } from '../support/containers.ts';
import { sessionId, useEmulator, type TestEmulator } from '../support/emulator.ts';
import { botoEnvironment, usePythonAgent } from '../support/python.ts';

vi.setConfig({ testTimeout: 120_000 });

/** An agent as in AWS's guide: the official SDK's own server, without port or address. */
const server = `
import json, os
from a2a.helpers import new_text_message
from a2a.server.agent_execution import AgentExecutor
from bedrock_agentcore.runtime import BedrockAgentCoreContext, serve_a2a

class Echo(AgentExecutor):
    calls = 0

    async def execute(self, context, event_queue):
        self.calls += 1
        said = {"text": context.get_user_input(), "calls": self.calls,
                "session": BedrockAgentCoreContext.get_session_id()}
        await event_queue.enqueue_event(new_text_message(json.dumps(said)))

    async def cancel(self, context, event_queue):
        pass

serve_a2a(Echo())
`;

const client = `
import asyncio, httpx, json, sys
from a2a.client import ClientConfig, create_client
from a2a.helpers import get_stream_response_text, new_text_message
from a2a.types import Role, SendMessageRequest

async def main():
    session = {"X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": sys.argv[2]}
    async with httpx.AsyncClient(headers=session, timeout=60) as http:
        for streaming in (False, True):
            config = ClientConfig(httpx_client=http, streaming=streaming)
            client = await create_client(sys.argv[1], config)
            message = new_text_message("Hello", role=Role.ROLE_USER)
            async for answer in client.send_message(SendMessageRequest(message=message)):
                print(get_stream_response_text(answer))

asyncio.run(main())
`;

/** Reads the card with boto3 and sends an A2A 0.3 message, as in AWS's guide. */
const boto = `
import boto3, json, sys
client = boto3.client("bedrock-agentcore")
card = client.get_agent_card(agentRuntimeArn=sys.argv[1], runtimeSessionId=sys.argv[2])
message = {"role": "user", "messageId": "1", "parts": [{"kind": "text", "text": "Hello"}]}
answer = client.invoke_agent_runtime(
    agentRuntimeArn=sys.argv[1], runtimeSessionId=sys.argv[2], contentType="application/json",
    payload=json.dumps({"jsonrpc": "2.0", "id": 1, "method": "message/send", "params": {"message": message}}))
print(json.dumps({"card": card["agentCard"], "session": card["runtimeSessionId"],
                  "answer": json.loads(answer["response"].read())}))
`;

async function python({ url }: TestEmulator, code: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('python3', ['-c', code, ...args], {
    env: botoEnvironment(url),
  });
  return stdout;
}

test('Python’s client and boto3 reach the SDK’s A2A server on the machine of their session', async () => {
  const emulator = await useEmulator({
    agents: [await usePythonAgent(server, { protocol: 'A2A' })],
  });
  const { arn } = emulator.agent;
  const session = sessionId('a');
  const address = a2aUrl(emulator, emulator.agent);
  const said = await python(emulator, client, address, session);
  expect(
    said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { text: 'Hello', calls: 1, session },
    { text: 'Hello', calls: 2, session },
  ]);
  const typeScript = await connectA2a(address, session);
  expect(JSON.stringify(await typeScript.sendMessage(userMessage('Hello')))).toContain(
    String.raw`\"calls\": 3`,
  );
  expect(JSON.parse(await python(emulator, boto, arn, session))).toMatchObject({
    session,
    card: { name: 'agent', supportedInterfaces: [{ url: address }] },
    answer: {
      id: 1,
      result: { parts: [{ text: expect.stringContaining('"calls": 4') as string }] },
    },
  });
  expect(await emulator.sessions()).toMatchObject([{ sessionId: session }]);
});

test('an A2A server works in a container as in a process', async () => {
  const { source } = await useContainerAgent(
    {
      'main.py': server,
      Dockerfile: `FROM python:3.11-slim
RUN pip install --no-cache-dir bedrock-agentcore==1.25.0 "a2a-sdk[http-server]==1.3.0"
COPY main.py /app/main.py
CMD ["python", "/app/main.py"]
`,
    },
    { protocol: 'A2A' },
  );
  const emulator = await useEmulator({ agents: [source] });
  const address = a2aUrl(emulator, emulator.agent);
  const session = sessionId('a');
  const client = await connectA2a(address, session);
  expect(JSON.stringify(await client.sendMessage(userMessage('Hello')))).toContain(session);
});
