import { once, EventEmitter } from 'node:events';
import type { ConversationStore } from '../../src/core/chat/conversations/conversationStore.ts';
import type { UserMessage } from '../../src/core/agents/protocolClient.ts';
import type { LocalChat } from './localChat.ts';
import { useChatOf } from './localChat.ts';
import { createTestRegistry, exampleAgent, fakeConnection } from './registry.ts';

/** A chat with an agent that says something at once, and the rest of an answer when the test says so. */
export interface PausedAnswers extends LocalChat {
  /** Ends the answer to this prompt. */
  end(prompt: string): void;
  /** What became of the requests for these prompts: those whose client went away. */
  readonly abandoned: readonly string[];
}

/** Opens it, over these conversations. */
export function usePausedAnswers(conversations?: ConversationStore): PausedAnswers {
  const ends = new EventEmitter();
  const abandoned: string[] = [];

  async function* answer({ text }: UserMessage, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    signal.addEventListener('abort', () => abandoned.push(text));
    yield Buffer.from('so far');
    await once(ends, text, { signal });
    yield Buffer.from(', so good');
  }

  const chat = useChatOf(
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
