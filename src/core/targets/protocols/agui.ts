import type { Turn } from '../../../shared/chat.ts';
import { wordsOf } from '../../../shared/chatState.ts';
import type { CreateSpeaker, Question } from './protocol.ts';

/** AG-UI: each run is given the whole thread, which its client keeps. */
export const agui: CreateSpeaker = ({ invoke }) => ({
  ask: (question, signal) =>
    invoke({ sessionId: question.sessionId, payload: JSON.stringify(runInput(question)) }, signal),
});

function runInput({ sessionId, turn, text, history }: Question): object {
  return {
    threadId: sessionId,
    runId: turn,
    state: {},
    messages: [...history.flatMap(messagesOf), message(turn, 'user', text)],
    tools: [],
    context: [],
    forwardedProps: {},
  };
}

function messagesOf(turn: Turn): object[] {
  const prompt = message(turn.id, 'user', turn.prompt);
  const words = wordsOf(turn);
  return words === '' ? [prompt] : [prompt, message(`${turn.id}-answer`, 'assistant', words)];
}

function message(id: string, role: string, content: string): object {
  return { id, role, content };
}
