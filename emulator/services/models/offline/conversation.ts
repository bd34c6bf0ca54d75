import type {
  ContentBlock,
  MediaBlock,
  ModelRequest,
  ToolResultBlock,
  ToolUseBlock,
} from '../modelRequest.ts';

/** A request as a conversation: prompts, and the calls of tools since the last one. */
export interface ConversationState {
  readonly prompt: string;
  /** Oldest first. */
  readonly earlierPrompts: readonly string[];
  /** Images and documents of the last prompt. */
  readonly media: readonly MediaBlock[];
  readonly system: string;
  readonly calls: readonly AnsweredCall[];
  /** True if the request continues a turn with results of tools. */
  readonly hasResults: boolean;
  /** True until the assistant has replied with text. */
  readonly isFirstReply: boolean;
}

export interface AnsweredCall {
  readonly use: ToolUseBlock;
  /** Null if the request has no result. */
  readonly result: ToolResultBlock | null;
}

export function readConversation({ messages, system }: ModelRequest): ConversationState {
  const prompts: string[] = [];
  let uses: ToolUseBlock[] = [];
  let media: MediaBlock[] = [];
  let hasReply = false;
  let previousRole: string | null = null;
  const results = new Map<string, ToolResultBlock>();
  for (const { role, content } of messages) {
    if (role === 'assistant') {
      uses.push(...content.filter((block) => block.type === 'toolUse'));
      hasReply ||= content.some((block) => block.type === 'text' && block.text.trim() !== '');
    } else if (content.some((block) => block.type === 'toolResult')) {
      for (const block of content) if (block.type === 'toolResult') results.set(block.id, block);
    } else {
      const text = readText(content);
      const files = content.filter((block) => block.type === 'media');
      const continues = previousRole === 'prompt';
      if (continues && text !== '') prompts.push([prompts.pop(), text].filter(Boolean).join('\n'));
      else if (!continues) prompts.push(text);
      media = continues ? [...media, ...files] : files;
      uses = [];
      previousRole = 'prompt';
      continue;
    }
    previousRole = role;
  }
  const last = messages.at(-1);
  return {
    prompt: prompts.at(-1) ?? '',
    earlierPrompts: prompts.slice(0, -1),
    media,
    system: system.map(({ text }) => text).join('\n'),
    calls: uses.map((use) => ({ use, result: results.get(use.id) ?? null })),
    hasResults: last?.content.some((block) => block.type === 'toolResult') ?? false,
    isFirstReply: !hasReply,
  };
}

function readText(content: readonly ContentBlock[]): string {
  const text = content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
  return removeReminders(text).trim();
}

const REMINDER = { start: '<system-reminder>', end: '</system-reminder>' };

/** Removes the reminders that agents add to prompts, which users did not write. */
function removeReminders(text: string): string {
  let kept = '';
  let position = 0;
  for (;;) {
    const start = text.indexOf(REMINDER.start, position);
    const end = start < 0 ? -1 : text.indexOf(REMINDER.end, start);
    if (end < 0) return kept + text.slice(position);
    kept += text.slice(position, start);
    position = end + REMINDER.end.length;
  }
}
