import type { StreamEvent } from '../answer.ts';
import { asMembers, asString, readElements, readMembers, type JsonMembers } from '../json.ts';
import { resultText } from '../text.ts';
import type { ToolUses } from '../toolUses.ts';

/** Selects the blocks of a message. */
export interface BlockFilter {
  /** False if text and thoughts were streamed before. */
  readonly includeText: boolean;
}

/** Reads the content of a model's message: text, or blocks of Bedrock, Anthropic or LangChain. */
export function readBlocks(
  content: unknown,
  tools: ToolUses,
  { includeText }: BlockFilter,
): StreamEvent[] {
  if (typeof content === 'string') return includeText ? textEvents(content) : [];
  return readElements(content).flatMap((element) => {
    if (typeof element === 'string') return includeText ? textEvents(element) : [];
    const block = asMembers(element);
    if (!block) return [];
    const text = readText(block);
    if (text) return includeText ? text : [];
    return readToolUse(block, tools) ?? readToolResult(block, tools) ?? [];
  });
}

function textEvents(text: string): StreamEvent[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

function thinkingEvents(text: string | null): StreamEvent[] {
  return text === null || text === '' ? [] : [{ type: 'thinking', text }];
}

/** Reads text and thoughts. Each framework has its own name for thoughts. */
function readText(block: JsonMembers): StreamEvent[] | null {
  const { type, text, thinking, reasoning, reasoningContent, reasoning_content: langChain } = block;
  if (typeof thinking === 'string') return thinkingEvents(thinking);
  if (typeof reasoning === 'string') return thinkingEvents(reasoning);
  const content = asMembers(reasoningContent) ?? asMembers(langChain) ?? asMembers(reasoning);
  if (content) {
    return thinkingEvents(
      asString(readMembers(content['reasoningText'])['text']) ?? asString(content['text']),
    );
  }
  if (typeof text === 'string' && (type === undefined || asString(type)?.includes('text'))) {
    return textEvents(text);
  }
  return null;
}

function readToolUse(block: JsonMembers, tools: ToolUses): StreamEvent[] | null {
  const use = asMembers(block['toolUse']) ?? block;
  const id = asString(use['toolUseId']) ?? asString(use['id']);
  const name = asString(use['name']);
  if (id === null || name === null || !('input' in use)) return null;
  return tools.addUse(id, name, use['input']);
}

function readToolResult(block: JsonMembers, tools: ToolUses): StreamEvent[] | null {
  const result = asMembers(block['toolResult']) ?? block;
  const id = asString(result['toolUseId']) ?? asString(result['tool_use_id']);
  if (id === null) return null;
  const failed = result['status'] === 'error' || result['is_error'] === true;
  return tools.addResult(id, { text: resultText(result['content']), failed });
}
