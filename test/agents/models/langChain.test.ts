import { expect, test, vi } from 'vitest';
import { usePythonAgent } from '../../support/python.ts';
import { runToolLoop, toolLoopOf, useConversation } from '../../support/toolLoops.ts';

vi.setConfig({ testTimeout: 60_000 });

test.for([
  ['ChatBedrockConverse', 'ConverseStream'],
  ['ChatBedrock', 'InvokeModelWithResponseStream'],
])('A LangGraph agent on %s streams a tool loop.', async ([chatModel, operation]) => {
  const agent = await usePythonAgent(`
from bedrock_agentcore import BedrockAgentCoreApp
from langchain_aws import ${chatModel}
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

@tool
def multiply(a: int, b: int) -> int:
    """Multiplies two numbers."""
    return a * b

model = ${chatModel}(
    model="us.anthropic.claude-sonnet-5-v1:0", region_name="us-east-1", temperature=0
).bind_tools([multiply])

async def assistant(state: MessagesState):
    return {"messages": [await model.ainvoke([("system", "You calculate."), *state["messages"]])]}

graph = StateGraph(MessagesState)
graph.add_node("assistant", assistant)
graph.add_node("tools", ToolNode([multiply]))
graph.add_edge(START, "assistant")
graph.add_conditional_edges("assistant", tools_condition)
graph.add_edge("tools", "assistant")
agent = graph.compile(checkpointer=InMemorySaver())

app = BedrockAgentCoreApp()

@app.entrypoint
async def invoke(payload):
    inputs = {"messages": [("user", payload["prompt"])]}
    thread = {"configurable": {"thread_id": "one"}}
    async for chunk, _ in agent.astream(inputs, thread, stream_mode="messages"):
        if chunk.type == "AIMessageChunk" and chunk.text:
            yield chunk.text

app.run()
`);
  const conversation = await useConversation(agent);
  expect(await runToolLoop(conversation)).toMatchObject(toolLoopOf(operation!));
});

test.for(['ChatBedrockConverse', 'ChatBedrock'])(
  'A chain on %s returns structured output.',
  async (chatModel) => {
    const agent = await usePythonAgent(`
from bedrock_agentcore import BedrockAgentCoreApp
from langchain_aws import ${chatModel}
from pydantic import BaseModel, Field

class Booking(BaseModel):
    """A booking of a room."""
    guest: str = Field(description="Name of the guest")
    nights: int = Field(ge=1)

model = ${chatModel}(model="anthropic.claude-sonnet-5-v1:0", region_name="us-east-1")
app = BedrockAgentCoreApp()

@app.entrypoint
async def invoke(payload):
    booking = await model.with_structured_output(Booking).ainvoke(payload["prompt"])
    yield booking.guest
    yield str(booking.nights)

app.run()
`);
    const { ask } = await useConversation(agent);
    expect(await ask('Book 3 nights for Ada.')).toEqual(['Ada', '3']);
  },
);
