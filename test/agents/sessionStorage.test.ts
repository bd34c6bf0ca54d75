import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { usePythonAgent } from '../support/python.ts';

test('an agent on the Python SDK finds its session’s files again after a stop', async () => {
  const agent = await usePythonAgent(
    `
from pathlib import Path
from bedrock_agentcore import BedrockAgentCoreApp

app = BedrockAgentCoreApp()
notes = Path("/mnt/data/notes")

@app.entrypoint
def invoke(payload):
    with notes.open("a") as file:
        file.write(payload["prompt"] + " ")
    return {"notes": notes.read_text()}

app.run()
`,
    { mounts: ['/mnt/data'] },
  );
  const { invoke, client, agent: runtime } = await useEmulator({ agents: [agent] });
  const ask = (name: string, prompt: string) =>
    invoke({ runtimeSessionId: sessionId(name), payload: JSON.stringify({ prompt }) });
  expect(await ask('a', 'one')).toEqual({ notes: 'one ' });
  expect(await ask('b', 'uno')).toEqual({ notes: 'uno ' });
  await client().send(
    new StopRuntimeSessionCommand({
      agentRuntimeArn: runtime.arn,
      runtimeSessionId: sessionId('a'),
    }),
  );
  expect(await ask('a', 'two')).toEqual({ notes: 'one two ' });
});
