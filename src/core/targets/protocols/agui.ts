import type { FileContent } from '../../../shared/attachment.ts';
import type { Turn } from '../../../shared/chat/turn.ts';
import { wordsWithSelections } from '../../chat/attachments/words.ts';
import { wordsOf } from '../../../shared/chat/turn.ts';
import { isImage } from './contentBlocks.ts';
import type { CreateProtocolClient, UserMessage } from '../../agents/protocolClient.ts';

/** AG-UI: each run is given the whole thread, which its client keeps. */
export const agui: CreateProtocolClient = ({ invoke }) => ({
  send: (question, signal) =>
    invoke(
      {
        sessionId: question.sessionId,
        payload: JSON.stringify(runInput(question)),
        onSent: question.onSent,
      },
      signal,
    ),
});

function runInput({ sessionId, turn, text, files, filesOf, history }: UserMessage): object {
  return {
    threadId: sessionId,
    runId: turn,
    state: {},
    messages: [
      ...history.flatMap((earlier) => messagesOf(earlier, filesOf(earlier))),
      message(turn, 'user', contentOf(text, files)),
    ],
    tools: [],
    context: [],
    forwardedProps: {},
  };
}

function messagesOf(turn: Turn, files: readonly FileContent[]): object[] {
  const prompt = message(turn.id, 'user', contentOf(wordsWithSelections(turn), files));
  const words = wordsOf(turn);
  const answer = words === '' ? [] : [message(`${turn.id}-answer`, 'assistant', words)];
  return turn.isUnasked ? answer : [prompt, ...answer];
}

function contentOf(text: string, files: readonly FileContent[]): string | object[] {
  if (files.length === 0) return text;
  const parts = files.map((file) => ({
    type: isImage(file) ? 'image' : 'document',
    source: { type: 'data', value: file.data, mimeType: file.mediaType },
    metadata: { filename: file.name },
  }));
  return [{ type: 'text', text }, ...parts];
}

function message(id: string, role: string, content: string | object[]): object {
  return { id, role, content };
}
