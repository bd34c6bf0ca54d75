import type { Attachment } from '../../../shared/attachment.ts';
import type { AttachmentRequest } from '../../../shared/schemas/viewMessage.ts';
import type { CodeEditor } from '../code/codeEditor.ts';
import type { HandlerContext, MessageHandlers } from '../handlers.ts';
import type { AttachmentContents } from './attachments.ts';

/** Handlers of requests about attachments. */
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
