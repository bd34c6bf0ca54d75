import { checkJson, faultInWords } from '../../../shared/payloadSyntax.ts';
import { fillTemplate } from '../../../shared/payloadTemplate.ts';
import { contentBlocks } from './contentBlocks.ts';
import type { CreateSpeaker, Question } from './protocol.ts';

/** AgentCore's own protocol: the agent says what a payload is, and remembers its session by itself. */
export const http: CreateSpeaker = ({ invoke }) => ({
  ask: (question, signal) =>
    invoke(
      { sessionId: question.sessionId, payload: payloadOf(question), onSent: question.onSent },
      signal,
    ),
});

/** What an agent is sent whose payload is its own affair. */
export function payloadOf({ template, text, files, sessionId, actorId }: Question): string {
  if (template === null) {
    const fault = checkJson(text);
    if (fault) throw new Error(`The payload is not JSON: ${faultInWords(text, fault)}`);
    return text;
  }
  return fillTemplate(template, { input: text, sessionId, actorId, ...contentBlocks(files) });
}
