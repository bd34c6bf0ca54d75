import * as z from 'zod';
import type { CodeRequest } from '../../../shared/chat/viewMessage.ts';
import type { HandlerContext, MessageHandlers } from '../handlers.ts';
import type { CodeEditor } from './codeEditor.ts';

/** A view's requests about code. */
export const codeRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('insertCode'), text: z.string() }),
  z.object({ type: z.literal('openCode'), text: z.string(), language: z.string() }),
]) satisfies z.ZodType<CodeRequest>;

/** Handlers of these requests. */
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
