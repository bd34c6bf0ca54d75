import type { AttachedSelection } from '../../../shared/attachment.ts';
import type { Turn } from '../../../shared/chat/turn.ts';
import { fenceCode } from '../fence.ts';

/** The prompt with its attached selections, as Markdown. */
export function promptWithSelections({
  prompt,
  attachments = [],
}: Pick<Turn, 'prompt' | 'attachments'>): string {
  const blocks = attachments.flatMap((one) =>
    one.type === 'selection' ? [formatSelection(one)] : [],
  );
  return [prompt, ...blocks].join('\n\n');
}

function formatSelection({ name, language, firstLine, lastLine, text }: AttachedSelection): string {
  const lines = firstLine === lastLine ? `line ${firstLine}` : `lines ${firstLine}–${lastLine}`;
  return `${name}, ${lines}:\n\n${fenceCode(text.replace(/\n$/, ''), language)}`;
}
