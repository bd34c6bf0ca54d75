import { once, EventEmitter } from 'node:events';
import type { ConversationStore } from '../../src/core/chat/conversations/conversationStore.ts';
import type { UserMessage } from '../../src/core/agents/protocolClient.ts';
import type { LocalChat } from './localChat.ts';
import { useChatWithRegistry } from './localChat.ts';
import { createTestRegistry, exampleAgent, fakeConnection } from './registry.ts';

/** A chat with an agent that sends the first part of an answer at once, and the rest when the test calls `end`. */
export interface PausedAnswers extends LocalChat {
  /** Completes the answer to a prompt. */
  end(prompt: string): void;
  /** Prompts whose request was aborted by the client. */
  readonly abandoned: readonly string[];
}

/** Opens the chat with these conversations. */
export function usePausedAnswers(conversations?: ConversationStore): PausedAnswers {
  const ends = new EventEmitter();
  const abandoned: string[] = [];

  async function* answer({ text }: UserMessage, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    signal.addEventListener('abort', () => abandoned.push(text));
    yield Buffer.from('so far');
    await once(ends, text, { signal });
    yield Buffer.from(', so good');
  }

  const chat = useChatWithRegistry(
    createTestRegistry({
      agents: [exampleAgent('A')],
      connection: fakeConnection(async (message, signal) => ({
        contentType: 'text/plain',
        body: answer(message, signal),
      })),
    }),
    { ...(conversations && { conversations }) },
  );
  return { ...chat, end: (prompt) => void ends.emit(prompt), abandoned };
}
