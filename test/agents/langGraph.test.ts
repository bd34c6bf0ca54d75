import { DeleteMemoryRecordCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test, vi } from 'vitest';
import { useMemory } from '../support/memory.ts';
import { runPython } from '../support/python.ts';

/**
 * Runs a LangGraph graph in its own process. The graph answers, interrupts for approval and resumes.
 * `steps`, in Python, use it and fill `results`, which is returned.
 */
function inGraph<Results>(
  url: string,
  memoryId: string,
  form: string,
  steps: string,
): Promise<Results> {
  const program = `
import json, sys
from langchain_core.messages import AIMessage
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.types import Command, interrupt
from langgraph_checkpoint_aws import AgentCoreMemorySaver

def answer(state):
    return {"messages": [AIMessage(f"heard {len(state['messages'])}")]}
def approve(state):
    return {"messages": [AIMessage(f"told {interrupt('may I?')}")]}
saver = AgentCoreMemorySaver(sys.argv[1], region_name="us-east-1", checkpoint_format=sys.argv[2])
graph = (StateGraph(MessagesState).add_node("answer", answer).add_node("approve", approve)
    .add_edge(START, "answer").add_edge("answer", "approve").add_edge("approve", END)
    .compile(checkpointer=saver))
def thread(name, actor="ana"):
    return {"configurable": {"thread_id": name, "actor_id": actor}}
def said(state):
    return [message.content for message in state.values.get("messages", [])]
results = {}
${steps}
print(json.dumps(results))
`;
  return runPython<Results>(url, program, [memoryId, form]);
}

for (const form of ['legacy', 'snapshot']) {
  test(`an interrupted LangGraph graph resumes in another process: ${form} checkpoints`, async () => {
    const { emulator, create } = await useMemory();
    const { id = '' } = await create();
    const inNext = (steps: string) => inGraph(emulator.url, id, form, steps);
    expect(
      await inNext(`
state = graph.invoke({"messages": ["hello"]}, thread("one"))
results["asked"] = [asked.value for asked in state["__interrupt__"]]
`),
    ).toEqual({ asked: ['may I?'] });
    expect(
      await inNext(`
state = graph.get_state(thread("one"))
results["next"], results["pending"] = state.next, [asked.value for asked in state.interrupts]
graph.invoke(Command(resume="yes"), thread("one"))
results["said"] = said(graph.get_state(thread("one")))
`),
    ).toEqual({ next: ['approve'], pending: ['may I?'], said: ['hello', 'heard 1', 'told yes'] });
    expect(
      await inNext(`
history = list(graph.get_state_history(thread("one")))
results["history"] = [len(said(state)) for state in history]
results["other"] = said(graph.get_state(thread("one", "bea")))
# From the checkpoint before the answer another conversation begins.
early = next(state for state in history if state.next == ("answer",))
forked = graph.update_state(early.config, {"messages": ["and another"]})
graph.invoke(None, forked)
results["forked"] = said(graph.get_state(thread("one")))
graph.invoke({"messages": ["hi"]}, thread("two"))
saver.delete_thread("one", "ana")
results["deleted"] = said(graph.get_state(thread("one")))
results["left"] = said(graph.get_state(thread("two")))
`),
    ).toEqual({
      history: [3, 2, 1, 0],
      other: [],
      forked: ['hello', 'and another', 'heard 2'],
      deleted: [],
      left: ['hi', 'heard 1'],
    });
  });
}

test('a subgraph has its own checkpoints, and its namespace keeps the session ID valid', async () => {
  const { emulator, create } = await useMemory();
  const { id = '' } = await create();
  const results = await inGraph(
    emulator.url,
    id,
    'legacy',
    `
outer = (StateGraph(MessagesState).add_node("inner", graph.copy(update={"checkpointer": None}))
    .add_edge(START, "inner").add_edge("inner", END).compile(checkpointer=saver))
name = "t" * 90
outer.invoke({"messages": ["hello"]}, thread(name))
results["inner"] = said(outer.get_state(thread(name), subgraphs=True).tasks[0].state)
outer.invoke(Command(resume="yes"), thread(name))
results["said"] = said(outer.get_state(thread(name)))
`,
  );
  expect(results).toEqual({ inner: ['hello', 'heard 1'], said: ['hello', 'heard 1', 'told yes'] });
});

test('the store of langgraph-checkpoint-aws saves, finds and deletes memories', async () => {
  const { emulator, data, create } = await useMemory();
  const { id: memoryId = '' } = await create({
    memoryStrategies: [
      { semanticMemoryStrategy: { name: 'Facts', namespaceTemplates: ['/facts/{actorId}/'] } },
    ],
  });
  const inStore = <Results>(steps: string) =>
    runPython<Results>(
      emulator.url,
      `
import json, sys
from langchain_core.messages import AIMessage, HumanMessage
from langgraph_checkpoint_aws import AgentCoreMemoryStore
store = AgentCoreMemoryStore(memory_id="${memoryId}", region_name="us-east-1")
${steps}
`,
    );

  vi.setConfig({ testTimeout: 120_000 });
  await inStore(`
for key, message in enumerate([HumanMessage("I live in Lisbon."), AIMessage("I live in the cloud."),
                               HumanMessage("I work as a nurse.")]):
    store.put(("ana", "one"), str(key), {"message": message})
store.put(("bea", "one"), "0", {"message": HumanMessage("I live in Porto.")})
print("{}")
`);
  await emulator.admin('/clock', { advanceSeconds: 60 });
  const find = `
found = store.search(("facts", "ana"), query="where does she live", limit=1)
home = found[0]
print(json.dumps({"found": [[item.value["content"], item.score, item.value["namespaces"]] for item in found],
    "key": home.key, "got": store.get(("facts", "ana"), home.key).value["content"],
    "all": [item.value["content"] for item in store.search(("facts",), query="live", limit=10)]}))
`;
  const { key, ...rest } = await inStore<{ key: string }>(find);
  expect(rest).toEqual({
    found: [['The user lives in Lisbon.', 1, ['/facts/ana/']]],
    got: 'The user lives in Lisbon.',
    all: expect.arrayContaining(['The user lives in Lisbon.', 'The user lives in Porto.']),
  });
  await data.send(new DeleteMemoryRecordCommand({ memoryId, memoryRecordId: key }));
  expect(
    await inStore(`
print(json.dumps({"got": store.get(("facts", "ana"), "${key}"),
    "found": [item.value["content"] for item in store.search(("facts", "ana"), query="live", limit=9)]}))
`),
  ).toEqual({ got: null, found: ['The user works as a nurse.'] });
});
