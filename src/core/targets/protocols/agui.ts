import type { FileContent } from '../../../shared/attachment.ts';
import type {
  CreateProtocolClient,
  EarlierTurn,
  UserMessage,
} from '../../agents/protocolClient.ts';
import { isImage } from './contentBlocks.ts';

/** AG-UI: the client keeps the thread and sends all of it with each run. */
export const agui: CreateProtocolClient = ({ invoke }) => ({
  send: (message, signal) =>
    invoke(
      {
        sessionId: message.sessionId,
        payload: JSON.stringify(runInput(message)),
        onSent: message.onSent,
      },
      signal,
    ),
});

function runInput({ sessionId, turn, text, files, history }: UserMessage): object {
  return {
    threadId: sessionId,
    runId: turn,
    state: {},
    messages: [...history().flatMap(toMessages), aguiMessage(turn, 'user', toContent(text, files))],
    tools: [],
    context: [],
    forwardedProps: {},
  };
}

function toMessages({ id, prompt, files, answer }: EarlierTurn): object[] {
  return [
    ...(prompt === null ? [] : [aguiMessage(id, 'user', toContent(prompt, files))]),
    ...(answer === '' ? [] : [aguiMessage(`${id}-answer`, 'assistant', answer)]),
  ];
}

function toContent(text: string, files: readonly FileContent[]): string | object[] {
  if (files.length === 0) return text;
  const parts = files.map((file) => ({
    type: isImage(file) ? 'image' : 'document',
    source: { type: 'data', value: file.data, mimeType: file.mediaType },
    metadata: { filename: file.name },
  }));
  return [{ type: 'text', text }, ...parts];
}

function aguiMessage(id: string, role: string, content: string | object[]): object {
  return { id, role, content };
}
