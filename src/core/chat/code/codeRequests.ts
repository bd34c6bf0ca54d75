import type { CodeRequest } from '../../../shared/schemas/viewMessage.ts';
import type { HandlerContext, MessageHandlers } from '../handlers.ts';
import type { CodeEditor } from './codeEditor.ts';

/** Handlers of requests about code. */
export function codeHandlers(
  { attempt }: HandlerContext,
  editor: CodeEditor | null,
): MessageHandlers<CodeRequest> {
  return {
    insertCode: ({ text }) => attempt('The code could not be inserted', () => editor?.insert(text)),
    openCode: ({ text, language }) =>
      attempt('The code could not be opened', () => editor?.open(text, language)),
  };
}
