import type { AttachedSelection } from '../../../shared/attachment.ts';
import type { Turn } from '../../../shared/chat/turn.ts';

/** A person's words with the lines of code that go with them, as Markdown. */
export function wordsWithSelections({
  prompt,
  attachments = [],
}: Pick<Turn, 'prompt' | 'attachments'>): string {
  const blocks = attachments.flatMap((one) => (one.type === 'selection' ? [blockOf(one)] : []));
  return [prompt, ...blocks].join('\n\n');
}

function blockOf({ name, language, firstLine, lastLine, text }: AttachedSelection): string {
  const lines = firstLine === lastLine ? `line ${firstLine}` : `lines ${firstLine}–${lastLine}`;
  // Longer than any within, so that it ends where the code ends.
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${name}, ${lines}:\n\n${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}
