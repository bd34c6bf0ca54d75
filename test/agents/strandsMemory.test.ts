import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { useMemory } from '../support/memory.ts';
import { botoEnvironment } from '../support/python.ts';

const run = promisify(execFile);

/**
 * An agent of Strands whose model is the test's: it says how many messages it was given, and the
 * last of them. Each of `prompts` is asked in its turn; gives back the answers.
 */
async function ask(url: string, memoryId: string, session: string, prompts: readonly string[]) {
  const program = `
import json, sys
from bedrock_agentcore.memory.integrations.strands.config import AgentCoreMemoryConfig, RetrievalConfig
from bedrock_agentcore.memory.integrations.strands.session_manager import AgentCoreMemorySessionManager
from strands import Agent
from strands.models import Model

class Echo(Model):
    def update_config(self, **config): pass
    def get_config(self): return {}
    async def structured_output(self, *args, **kwargs):
        raise NotImplementedError
        yield
    async def stream(self, messages, *args, **kwargs):
        words = " | ".join(block["text"] for block in messages[-1]["content"])
        yield {"messageStart": {"role": "assistant"}}
        yield {"contentBlockStart": {"start": {}}}
        yield {"contentBlockDelta": {"delta": {"text": f"{len(messages)}: {words}"}}}
        yield {"contentBlockStop": {}}
        yield {"messageStop": {"stopReason": "end_turn"}}

config = AgentCoreMemoryConfig(memory_id=sys.argv[1], session_id=sys.argv[2], actor_id="ana",
    retrieval_config={"/facts/ana/": RetrievalConfig(top_k=3)})
agent = Agent(model=Echo(), agent_id="assistant", callback_handler=None,
    session_manager=AgentCoreMemorySessionManager(config, region_name="us-east-1"))
print(json.dumps([str(agent(prompt)).strip() for prompt in sys.argv[3:]]))
`;
  const { stdout } = await run('python3', ['-c', program, memoryId, session, ...prompts], {
    env: botoEnvironment(url),
  });
  return JSON.parse(stdout) as string[];
}

test('an agent of Strands resumes its session, and knows in its next one what it was told', async () => {
  const { emulator, create } = await useMemory();
  const { id = '' } = await create({
    memoryStrategies: [
      { semanticMemoryStrategy: { name: 'Facts', namespaceTemplates: ['/facts/{actorId}/'] } },
    ],
  });
  expect(await ask(emulator.url, id, 'one', ['I live in Lisbon.'])).toEqual([
    '1: I live in Lisbon.',
  ]);
  expect(await ask(emulator.url, id, 'one', ['Go on.'])).toEqual(['3: Go on.']);
  await emulator.admin('/clock', { advanceSeconds: 60 });
  const [answer] = await ask(emulator.url, id, 'two', ['Where do I live?']);
  expect(answer).toMatch(/^1: /);
  expect(answer).toContain('The user lives in Lisbon.');
});
