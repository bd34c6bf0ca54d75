import type { StreamEvent } from '../answer.ts';
import { asMembers, asString, elementsOf, membersOf, type JsonMembers } from '../json.ts';
import { resultText } from '../text.ts';
import type { ToolUses } from '../toolUses.ts';

/** Which of a message's blocks are wanted: its words were perhaps told before, one by one. */
export interface BlockFilter {
  readonly words: boolean;
}

/** Reads the content of a model's message: words, or blocks of Bedrock's, Anthropic's or LangChain's. */
export function readBlocks(
  content: unknown,
  tools: ToolUses,
  { words }: BlockFilter,
): StreamEvent[] {
  if (typeof content === 'string') return words && content !== '' ? said(content) : [];
  return elementsOf(content).flatMap((element) => {
    if (typeof element === 'string') return words ? said(element) : [];
    const block = asMembers(element);
    if (!block) return [];
    const told = wordsIn(block);
    if (told) return words ? told : [];
    return toolUseIn(block, tools) ?? toolResultIn(block, tools) ?? [];
  });
}

function said(text: string): StreamEvent[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

function thought(text: string | null): StreamEvent[] {
  return text === null || text === '' ? [] : [{ type: 'thinking', text }];
}

/** Words and thoughts; the latter have many names. */
function wordsIn(block: JsonMembers): StreamEvent[] | null {
  const { type, text, thinking, reasoning, reasoningContent, reasoning_content: langChain } = block;
  if (typeof thinking === 'string') return thought(thinking);
  if (typeof reasoning === 'string') return thought(reasoning);
  const content = asMembers(reasoningContent) ?? asMembers(langChain) ?? asMembers(reasoning);
  if (content) {
    return thought(
      asString(membersOf(content['reasoningText'])['text']) ?? asString(content['text']),
    );
  }
  if (typeof text === 'string' && (type === undefined || asString(type)?.includes('text'))) {
    return said(text);
  }
  return null;
}

function toolUseIn(block: JsonMembers, tools: ToolUses): StreamEvent[] | null {
  const use = asMembers(block['toolUse']) ?? block;
  const id = asString(use['toolUseId']) ?? asString(use['id']);
  const name = asString(use['name']);
  if (id === null || name === null || !('input' in use)) return null;
  return tools.addUse(id, name, use['input']);
}

function toolResultIn(block: JsonMembers, tools: ToolUses): StreamEvent[] | null {
  const result = asMembers(block['toolResult']) ?? block;
  const id = asString(result['toolUseId']) ?? asString(result['tool_use_id']);
  if (id === null) return null;
  const failed = result['status'] === 'error' || result['is_error'] === true;
  return tools.addResult(id, { text: resultText(result['content']), failed });
}
