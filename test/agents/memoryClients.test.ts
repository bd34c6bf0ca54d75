import { expect, test } from 'vitest';
import { useMemory } from '../support/memory.ts';
import { runPython } from '../support/python.ts';

test('the official SDK’s MemoryClient waits for a memory, keeps a conversation, forks it and deletes it', async () => {
  const { emulator } = await useMemory({ instantResources: false });
  const script = `
import json
from bedrock_agentcore.memory import MemoryClient
client = MemoryClient(region_name="us-east-1")
memory = client.create_memory_and_wait(name="Notes", strategies=[], event_expiry_days=7, poll_interval=1)
again = client.create_or_get_memory(name="Notes", strategies=[])
id = memory["id"]
where = dict(memory_id=id, actor_id="ana", session_id="one")
client.create_event(**where, messages=[("I like cheese", "USER"), ("Noted", "ASSISTANT")])
root = client.create_event(**where, messages=[("And wine", "USER"), ("Noted too", "ASSISTANT")])
client.fork_conversation(**where, root_event_id=root["eventId"], branch_name="tea",
                         new_messages=[("Rather tea", "USER")])
turns = client.get_last_k_turns(**where, k=1)
events = client.list_events(**where)
branch = client.list_events(**where, branch_name="tea", include_parent_branches=True)
extended = client.add_semantic_strategy_and_wait(memory_id=id, name="Facts", poll_interval=1)
client.delete_memory_and_wait(id, poll_interval=1)
print(json.dumps({
  "same": memory["id"] == again["id"], "status": memory["status"],
  "turns": [[m["content"]["text"] for m in turn] for turn in turns],
  "strategies": [(each["name"], each["status"]) for each in extended["strategies"]],
  "events": len(events), "branch": len(branch), "left": client.list_memories()}))
`;
  expect(await runPython(emulator.url, script)).toEqual({
    same: true,
    status: 'ACTIVE',
    turns: [['Rather tea']],
    strategies: [['Facts', 'ACTIVE']],
    events: 3,
    branch: 3,
    left: [],
  });
});

test('the official SDK’s session manager adds turns, lists its sessions and returns the last turns', async () => {
  const { emulator, create } = await useMemory();
  const { id } = await create();
  const script = `
import json, sys
from bedrock_agentcore.memory.constants import ConversationalMessage, MessageRole
from bedrock_agentcore.memory.session import MemorySessionManager
manager = MemorySessionManager(memory_id="${id}", region_name="us-east-1")
session = manager.create_memory_session(actor_id="ana", session_id="one")
for text in ["one", "two", "three"]:
    session.add_turns([ConversationalMessage(text, MessageRole.USER),
                       ConversationalMessage(text.upper(), MessageRole.ASSISTANT)])
session.fork_conversation(root_event_id=session.list_events()[0]["eventId"], branch_name="other",
                          messages=[ConversationalMessage("else", MessageRole.USER)])
turns = session.get_last_k_turns(k=2)
print(json.dumps({
  "actors": [actor["actorId"] for actor in manager.list_actors()],
  "sessions": [s["sessionId"] for s in manager.list_actor_sessions("ana")],
  "branches": sorted(b["name"] for b in session.list_branches()),
  "turns": [[m["content"]["text"] for m in turn] for turn in turns]}))
`;
  expect(await runPython(emulator.url, script)).toMatchObject({
    actors: ['ana'],
    sessions: ['one'],
    branches: ['main', 'other'],
  });
});

test('boto3 reads what the JavaScript SDK wrote, to the millisecond', async () => {
  const { emulator, create, say } = await useMemory();
  const { id = '' } = await create();
  await say(id, 'ünïcödé 👋🏽', {
    eventTimestamp: new Date('2026-01-02T03:04:05.678Z'),
    metadata: { topic: { stringValue: 'greeting' } },
  });
  const script = `
import boto3, json
client = boto3.client("bedrock-agentcore")
[event] = client.list_events(memoryId="${id}", actorId="ana", sessionId="one", filter={
  "eventMetadata": [{"left": {"metadataKey": "topic"}, "operator": "EXISTS"}]})["events"]
print(json.dumps({**event, "eventTimestamp": event["eventTimestamp"].timestamp()}))
`;
  expect(await runPython(emulator.url, script)).toMatchObject({
    payload: [{ conversational: { role: 'USER', content: { text: 'ünïcödé 👋🏽' } } }],
    metadata: { topic: { stringValue: 'greeting' } },
    eventTimestamp: 1767323045.678,
    branch: { name: 'main' },
  });
});

test('boto3 and the official SDK’s clients write, search and list the same records', async () => {
  const { emulator, create } = await useMemory();
  const { id } = await create({ indexedKeys: [{ key: 'topic', type: 'STRING' }] });
  const script = `
import boto3, datetime, json
from bedrock_agentcore.memory import MemoryClient
from bedrock_agentcore.memory.models.filters import (
    MemoryMetadataFilter, MemoryRecordLeftExpression, MemoryRecordOperatorType, MemoryRecordRightExpression)
from bedrock_agentcore.memory.session import MemorySessionManager
data = boto3.client("bedrock-agentcore")
texts = {"home": "Ana lives in Lisbon", "food": "Ana eats fish"}
written = data.batch_create_memory_records(memoryId="${id}", records=[{
  "requestIdentifier": topic, "namespaces": ["/facts/ana/"], "content": {"text": text},
  "timestamp": datetime.datetime.now(), "metadata": {"topic": {"stringValue": topic}}}
  for topic, text in texts.items()])
client = MemoryClient(region_name="us-east-1")
found = client.retrieve_memories(memory_id="${id}", namespace="/facts/ana/", query="where does she live", top_k=1)
waited = client.wait_for_memories(memory_id="${id}", namespace="/facts/ana/", max_wait=1, poll_interval=1)
manager = MemorySessionManager(memory_id="${id}", region_name="us-east-1")
topic = MemoryMetadataFilter.build_expression(MemoryRecordLeftExpression.build("topic"),
    MemoryRecordOperatorType.EQUALS_TO, MemoryRecordRightExpression.build_string("food"))
searched = manager.search_long_term_memories("Ana", namespace_path="/facts", metadata_filters=[topic])
listed = manager.list_long_term_memory_records(namespace_path="/facts")
manager.delete_memory_record(record_id=written["successfulRecords"][0]["memoryRecordId"])
left = data.list_memory_records(memoryId="${id}", namespace="/facts/ana/")["memoryRecordSummaries"]
print(json.dumps({
  "found": [[r["content"]["text"], r["score"]] for r in found], "waited": waited,
  "searched": [r["content"]["text"] for r in searched],
  "listed": [r["content"]["text"] for r in listed], "left": [r["content"]["text"] for r in left]}))
`;
  expect(await runPython(emulator.url, script)).toEqual({
    found: [['Ana lives in Lisbon', 1]],
    waited: true,
    searched: ['Ana eats fish'],
    listed: ['Ana eats fish', 'Ana lives in Lisbon'],
    left: ['Ana eats fish'],
  });
});

test('the official SDK stores messages and finds them in its next session', async () => {
  const { emulator, create } = await useMemory();
  const { id } = await create({
    memoryStrategies: [
      { semanticMemoryStrategy: { name: 'Facts', namespaceTemplates: ['/facts/{actorId}/'] } },
    ],
  });
  await runPython(
    emulator.url,
    `
from bedrock_agentcore.memory import MemoryClient
client = MemoryClient(region_name="us-east-1")
client.create_event(memory_id="${id}", actor_id="ana", session_id="one", messages=[
    ("I live in Lisbon and I work as a nurse.", "USER"), ("I live in the cloud.", "ASSISTANT")])
print("{}")
`,
  );
  await emulator.admin('/clock', { advanceSeconds: 60 });
  const script = `
import json
from bedrock_agentcore.memory import MemoryClient
from bedrock_agentcore.memory.session import MemorySessionManager
client = MemoryClient(region_name="us-east-1")
waited = client.wait_for_memories(memory_id="${id}", namespace="/facts/ana/", max_wait=5, poll_interval=1)
found = client.retrieve_memories(memory_id="${id}", namespace="/facts/ana/", query="where does she live", top_k=1)
session = MemorySessionManager(memory_id="${id}", region_name="us-east-1").create_memory_session("ana", "two")
searched = session.search_long_term_memories("what is her work", namespace="/facts/ana/", top_k=1)
listed = session.list_long_term_memory_records(namespace_path="/facts")
print(json.dumps({"waited": waited, **{name: [r["content"]["text"] for r in records] for name, records in
    {"found": found, "searched": searched, "listed": listed}.items()}}))
`;
  expect(await runPython(emulator.url, script)).toEqual({
    waited: true,
    found: ['The user lives in Lisbon.'],
    searched: ['The user works as a nurse.'],
    listed: ['The user works as a nurse.', 'The user lives in Lisbon.'],
  });
});
