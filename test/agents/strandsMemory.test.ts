import { expect, test } from 'vitest';
import { useMemory } from '../support/memory.ts';
import { runPython } from '../support/python.ts';

/**
 * Runs a Strands agent whose test model answers with the number of its messages and the last one.
 * `makeAgent` is Python that defines `make_agent(memory_id, session)`. Sends each of `prompts` in
 * turn and returns the answers.
 */
function ask(
  url: string,
  makeAgent: string,
  { memoryId, session }: { readonly memoryId: string; readonly session: string },
  prompts: readonly string[],
): Promise<string[]> {
  const program = `
import json, sys
from bedrock_agentcore.memory import MemoryClient
from bedrock_agentcore.memory.integrations.strands.config import AgentCoreMemoryConfig, RetrievalConfig
from bedrock_agentcore.memory.integrations.strands.session_manager import AgentCoreMemorySessionManager
from strands import Agent
from strands.hooks import AfterInvocationEvent, AgentInitializedEvent, HookProvider, MessageAddedEvent
from strands.models import Model

class Echo(Model):
    def update_config(self, **config): pass
    def get_config(self): return {}
    async def structured_output(self, *args, **kwargs):
        raise NotImplementedError
        yield
    async def stream(self, messages, tool_specs=None, system_prompt=None, **kwargs):
        words = " | ".join(block["text"] for block in messages[-1]["content"])
        yield {"messageStart": {"role": "assistant"}}
        yield {"contentBlockStart": {"start": {}}}
        yield {"contentBlockDelta": {"delta": {"text": f"{len(messages)}: {words}{system_prompt or ''}"}}}
        yield {"contentBlockStop": {}}
        yield {"messageStop": {"stopReason": "end_turn"}}

${makeAgent}
agent = make_agent(sys.argv[1], sys.argv[2])
print(json.dumps([str(agent(prompt)).strip() for prompt in sys.argv[3:]]))
`;
  return runPython(url, program, [memoryId, session, ...prompts]);
}

test('a Strands agent resumes its session and remembers it in the next one', async () => {
  const { emulator, create } = await useMemory();
  const { id: memoryId = '' } = await create({
    memoryStrategies: [
      { semanticMemoryStrategy: { name: 'Facts', namespaceTemplates: ['/facts/{actorId}/'] } },
    ],
  });
  const makeAgent = `
def make_agent(memory_id, session):
    config = AgentCoreMemoryConfig(memory_id=memory_id, session_id=session, actor_id="ana",
        retrieval_config={"/facts/ana/": RetrievalConfig(top_k=3)})
    return Agent(model=Echo(), agent_id="assistant", callback_handler=None,
        session_manager=AgentCoreMemorySessionManager(config, region_name="us-east-1"))
`;
  const one = { memoryId, session: 'one' };
  expect(await ask(emulator.url, makeAgent, one, ['I live in Lisbon.'])).toEqual([
    '1: I live in Lisbon.',
  ]);
  expect(await ask(emulator.url, makeAgent, one, ['Go on.'])).toEqual(['3: Go on.']);
  await emulator.admin('/clock', { advanceSeconds: 60 });
  const two = { memoryId, session: 'two' };
  const [answer] = await ask(emulator.url, makeAgent, two, ['Where do I live?']);
  expect(answer).toMatch(/^1: /);
  expect(answer).toContain('The user lives in Lisbon.');
});

test('what the official memory tool of Strands records is found by it', async () => {
  const { emulator, create } = await useMemory();
  const { id: memoryId = '' } = await create({
    memoryStrategies: [
      { semanticMemoryStrategy: { name: 'Facts', namespaceTemplates: ['/facts/{actorId}/'] } },
    ],
  });
  const useTool = (...calls: object[]) =>
    runPython<{ status: string; content: { text: string }[] }[]>(
      emulator.url,
      `
import json, sys
from strands_tools.agent_core_memory import AgentCoreMemoryToolProvider

[tool] = AgentCoreMemoryToolProvider(memory_id=sys.argv[1], actor_id="ana", session_id="one",
    namespace="/facts/ana/", region="us-east-1").tools
print(json.dumps([tool(**call) for call in json.loads(sys.argv[2])]))
`,
      [memoryId, JSON.stringify(calls)],
    );
  const notes = [
    'The user has a dog named Kiwi and works as a nurse in Lisbon.',
    'User is allergic to peanuts.',
  ];
  const recorded = await useTool(...notes.map((content) => ({ action: 'record', content })));
  expect(recorded.map(({ status }) => status)).toEqual(['success', 'success']);
  await emulator.admin('/clock', { advanceSeconds: 60 });
  const found = await useTool(
    ...['What is my dog named?', 'Where does the user work?', 'allergies to peanuts'].map(
      (query) => ({ action: 'retrieve', query, max_results: 1 }),
    ),
  );
  expect(found.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
  const [dog, work, allergy] = found.map(({ content }) => content[0]?.text);
  expect(dog).toContain('has a dog named Kiwi');
  expect(work).toContain('works as a nurse in Lisbon');
  expect(allergy).toContain('is allergic to peanuts');
});

test('hooks that store and load messages give a Strands agent its history', async () => {
  const { emulator, create } = await useMemory();
  const { id: memoryId = '' } = await create();
  const makeAgent = `
class MemoryHooks(HookProvider):
    def __init__(self, memory_id, session):
        self.client = MemoryClient(region_name="us-east-1")
        self.place = dict(memory_id=memory_id, actor_id="ana", session_id=session)
    def register_hooks(self, registry, **kwargs):
        registry.add_callback(AgentInitializedEvent, self.recall)
        registry.add_callback(MessageAddedEvent, self.keep)
    def recall(self, event):
        lines = [f"{said['role']}: {said['content']['text']}"
            for kept in reversed(self.client.list_events(**self.place, max_results=50))
            for said in (payload["conversational"] for payload in kept["payload"])]
        event.agent.system_prompt = "".join(f"; {line}" for line in lines)
    def keep(self, event):
        text = "\\n".join(block["text"] for block in event.message["content"] if "text" in block)
        self.client.create_event(**self.place, messages=[(text, event.message["role"].upper())])

def make_agent(memory_id, session):
    return Agent(model=Echo(), callback_handler=None, hooks=[MemoryHooks(memory_id, session)])
`;
  const here = { memoryId, session: 'one' };
  expect(await ask(emulator.url, makeAgent, here, ['Hello.'])).toEqual(['1: Hello.']);
  expect(await ask(emulator.url, makeAgent, here, ['And now?'])).toEqual([
    '1: And now?; USER: Hello.; ASSISTANT: 1: Hello.',
  ]);
});

test('a session manager that compacts conversations finds its checkpoint in the next process', async () => {
  const { emulator, create, said } = await useMemory();
  const { id: memoryId = '' } = await create();
  // In a long conversation, a summary in the agent's state replaces all but the last turns. All
  // messages stay in the memory.
  const makeAgent = `
class CompactingSessionManager(AgentCoreMemorySessionManager):
    def __init__(self, config, *, token_threshold, protected_turns, **kwargs):
        super().__init__(config, **kwargs)
        self.token_threshold, self.protected = token_threshold, 2 * protected_turns
    def register_hooks(self, registry, **kwargs):
        super().register_hooks(registry, **kwargs)
        # Callbacks of an end run in reverse: the state that is then synced has the checkpoint.
        registry.add_callback(AfterInvocationEvent, lambda event: self.compact(event.agent))
    def initialize(self, agent, **kwargs):
        super().initialize(agent, **kwargs)
        checkpoint = agent.state.get("compaction")
        if checkpoint:
            summary = {"role": "user", "content": [{"text": checkpoint["summary"]}]}
            agent.messages = [summary, *agent.messages[checkpoint["offset"]:]]
    def compact(self, agent):
        words = sum(len(b["text"].split()) for m in agent.messages for b in m["content"] if "text" in b)
        older = len(agent.messages) - self.protected
        if words <= self.token_threshold or older <= 0: return
        agent.state.set("compaction", {"summary": f"{older} older messages", "offset": older})

def make_agent(memory_id, session):
    config = AgentCoreMemoryConfig(memory_id=memory_id, session_id=session, actor_id="ana")
    return Agent(model=Echo(), agent_id="assistant", callback_handler=None,
        session_manager=CompactingSessionManager(config, region_name="us-east-1",
            token_threshold=12, protected_turns=1))
`;
  const here = { memoryId, session: 'one' };
  expect(
    await ask(emulator.url, makeAgent, here, ['first of all', 'second', 'third and last']),
  ).toEqual(['1: first of all', '3: second', '5: third and last']);
  // The summary, the last turn and the prompt instead of seven messages.
  expect(await ask(emulator.url, makeAgent, here, ['and on'])).toEqual(['4: and on']);
  expect((await said(memoryId, { sessionId: 'one', maxResults: 100 })).join()).toContain(
    'first of all',
  );
});
