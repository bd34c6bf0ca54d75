import type { AnswerEvent, Part, ToolPart } from './answer.ts';
import type { Turn } from './turn.ts';

/** Applies an answer event to a running turn. Throws if it belongs to an unknown tool use. */
export function applyAnswerEvent(turn: Turn, event: AnswerEvent, at: number): Turn {
  if (event.type === 'usage') return { ...turn, usage: event.usage };
  if (event.type === 'waiting') {
    const { waitingTask: _, ...rest } = turn;
    return event.task === null ? rest : { ...rest, waitingTask: event.task };
  }
  const parts = withEvent(turn.parts, event, at);
  // A notice does not come from the agent.
  if (event.type === 'notice') return { ...turn, parts };
  return { ...turn, parts, firstAt: turn.firstAt ?? at };
}

function withEvent(
  parts: readonly Part[],
  event: Exclude<AnswerEvent, { type: 'usage' | 'waiting' }>,
  at: number,
): readonly Part[] {
  switch (event.type) {
    case 'text':
    case 'thinking': {
      const last = parts.at(-1);
      if (last?.type !== event.type) return [...parts, event];
      return parts.with(parts.length - 1, { type: event.type, text: last.text + event.text });
    }
    case 'data': {
      const last = parts.at(-1);
      if (last?.type !== 'data' || event.leftOut !== undefined) return [...parts, event];
      return parts.with(parts.length - 1, { type: 'data', json: `${last.json}\n${event.json}` });
    }
    case 'guardrail':
    case 'notice':
      return [...parts, event];
    case 'tool': {
      const { type, id, name } = event;
      return [...parts, { type, id, name, input: '', result: null, startedAt: at, endedAt: null }];
    }
    case 'toolInput':
      return withTool(parts, event.id, (tool) => ({ ...tool, input: tool.input + event.json }));
    case 'toolResult':
      return withTool(parts, event.id, (tool) => ({ ...tool, result: event.result, endedAt: at }));
  }
}

function withTool(
  parts: readonly Part[],
  id: string,
  change: (tool: ToolPart) => ToolPart,
): readonly Part[] {
  const index = parts.findLastIndex((part) => part.type === 'tool' && part.id === id);
  if (index === -1) throw new Error(`unknown tool use ${id}`);
  return parts.with(index, change(parts[index] as ToolPart));
}
