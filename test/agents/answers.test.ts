import { expect, test, vi } from 'vitest';
import type { ChatState } from '../../src/shared/chat/state.ts';
import { formatPart } from '../support/answers.ts';
import { useChat } from '../support/chat.ts';
import { useEmulator } from '../support/emulator.ts';
import { usePythonAgent } from '../support/python.ts';

vi.setConfig({ testTimeout: 120_000 });

const over = ({ turns }: ChatState) => turns.length > 0 && turns.at(-1)!.outcome !== null;

/** A Strands agent with a tool and a scripted model that forwards its events. */
const agent = `
from bedrock_agentcore import BedrockAgentCoreApp
from strands import Agent, tool
from strands.models.model import Model

@tool
def divide(a: int, b: int) -> float:
    """Divides."""
    return a / b

def block(index, start, *deltas):
    yield {"contentBlockStart": {"contentBlockIndex": index, "start": start}}
    for delta in deltas:
        yield {"contentBlockDelta": {"contentBlockIndex": index, "delta": delta}}
    yield {"contentBlockStop": {"contentBlockIndex": index}}

def use(index, args):
    start = {"toolUse": {"toolUseId": f"use{index}", "name": "divide"}}
    return block(index, start, *({"toolUse": {"input": part}} for part in args))

def message(reason, read, written, *blocks):
    yield {"messageStart": {"role": "assistant"}}
    for one in blocks:
        yield from one
    yield {"messageStop": {"stopReason": reason}}
    usage = {"inputTokens": read, "outputTokens": written, "totalTokens": read + written}
    yield {"metadata": {"usage": usage, "metrics": {"latencyMs": 1}}}

class Scripted(Model):
    def __init__(self):
        self.messages = [
            message("tool_use", 100, 20,
                block(0, {}, {"reasoningContent": {"text": "I should "}}, {"reasoningContent": {"text": "divide."}}),
                block(1, {}, {"text": "Let me "}, {"text": "see. "}),
                use(2, ['{"a": 84, ', '"b": 7}']), use(3, ['{"a": 1, "b": 0}'])),
            message("end_turn", 150, 9, block(0, {}, {"text": "It is "}, {"text": "12 🌍."})),
        ]
    def update_config(self, **config): pass
    def get_config(self): return {}
    async def structured_output(self, *args, **kwargs):
        raise NotImplementedError
        yield
    async def stream(self, *args, **kwargs):
        for event in self.messages.pop(0):
            yield event

app = BedrockAgentCoreApp()

@app.entrypoint
async def main(payload):
    async for event in Agent(model=Scripted(), tools=[divide], callback_handler=None).stream_async("84 / 7"):
        if payload["prompt"] == "all" or payload["prompt"] in event:
            yield event

app.run()
`;

test.each(['all', 'event', 'data'])(
  'a Strands agent that forwards its events (%s) shows each text and tool use once',
  async (which) => {
    const { view } = useChat(await useEmulator({ agents: [await usePythonAgent(agent)] }));
    view.send({ type: 'send', prompt: which });
    const { turns } = await view.until(over);
    const { parts, usage, outcome } = turns[0]!;
    expect(outcome).toEqual({ type: 'completed' });
    if (which === 'data') {
      expect(parts.map(formatPart)).toEqual(['text: Let me see. It is 12 🌍.']);
      return;
    }
    const result = (text: string) => (which === 'all' ? text : '…');
    expect(parts.map(formatPart)).toEqual([
      'thinking: I should divide.',
      'text: Let me see. ',
      `divide {"a":84,"b":7} → ${result('12.0')}`,
      `divide {"a":1,"b":0} → ${result('failed: Error: ZeroDivisionError - division by zero')}`,
      'text: It is 12 🌍.',
    ]);
    expect(usage).toEqual({ inputTokens: 250, outputTokens: 29 });
  },
);
