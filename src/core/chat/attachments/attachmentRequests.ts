import * as z from 'zod';
import type { Attachment } from '../../../shared/attachment.ts';
import type { AttachmentRequest } from '../../../shared/chat/viewMessage.ts';
import type { CodeEditor } from '../code/codeEditor.ts';
import type { HandlerContext, MessageHandlers } from '../handlers.ts';
import type { AttachmentContents } from './attachments.ts';
import { thumbnail } from './attachmentFormat.ts';

/** A view's requests about attachments. */
export const attachmentRequest = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('attach'),
    name: z.string().min(1).max(500),
    mediaType: z.string().max(200),
    data: z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/),
    thumbnail,
  }),
  z.object({ type: z.literal('attachSelection') }),
  z.object({ type: z.literal('detach'), attachment: z.string() }),
]) satisfies z.ZodType<AttachmentRequest>;

/** Handlers of these requests. */
export function attachmentHandlers(
  { state, change, newId, attempt }: HandlerContext,
  contents: AttachmentContents,
  editor: CodeEditor | null,
): MessageHandlers<AttachmentRequest> {
  function attach(attachments: readonly Attachment[]): void {
    change({ type: 'attachments', attachments });
  }

  return {
    attach: (file) =>
      attempt(`${file.name} is not attached`, async () => {
        const { attachments } = state();
        attach([...attachments, contents.add(file, attachments)]);
      }),
    attachSelection: () =>
      attempt('The selection is not attached', async () => {
        if (!editor) return;
        const selection = editor.selection();
        attach([...state().attachments, { type: 'selection', id: newId(), ...selection }]);
      }),
    detach: ({ attachment }) => attach(state().attachments.filter(({ id }) => id !== attachment)),
  };
}
