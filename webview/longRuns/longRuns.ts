import { formatSize } from '../../src/shared/formatSize.ts';

/**
 * Maximum length of a run that is shown unfolded. Signed URLs and tokens are shorter, encoded files and
 * keys are longer.
 */
const MAX_LENGTH = 2_000;

/**
 * A run of characters without a line break opportunity. The excluded scripts have no spaces between
 * words, and browsers break their lines between letters.
 */
const RUN =
  /[^\s\u3000-\u303f\uff00-\uffef\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Emoji_Presentation}]+/gu;

/** Part of a text: a long unbroken run, or the text between such runs. */
export interface TextPart {
  readonly text: string;
  readonly isLongRun: boolean;
}

/** Divides a text into long runs and the text around them. */
export function splitLongRuns(text: string): readonly TextPart[] {
  if (text.length <= MAX_LENGTH) return [{ text, isLongRun: false }];
  const parts: TextPart[] = [];
  let from = 0;
  for (const { 0: run, index } of text.matchAll(RUN)) {
    if (run.length <= MAX_LENGTH) continue;
    if (index > from) parts.push({ text: text.slice(from, index), isLongRun: false });
    parts.push({ text: run, isLongRun: true });
    from = index + run.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isLongRun: false });
  return parts;
}

/** Replaces long runs by their sizes, for screen readers. */
export function describeLongRuns(text: string): string {
  return splitLongRuns(text)
    .map((part) => (part.isLongRun ? `(${formatSize(part.text.length)} of text)` : part.text))
    .join('');
}
