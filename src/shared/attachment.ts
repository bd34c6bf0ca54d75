import { formatSize } from './formatSize.ts';

/** A file or selection that is sent with a prompt. */
export type Attachment = AttachedFile | AttachedSelection;

/** An attached image or other file. Only the host has its content. */
export interface AttachedFile {
  readonly type: 'image' | 'file';
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Data URL of a thumbnail; null if there is none. */
  readonly thumbnail: string | null;
}

/** Attached lines of an editor. */
export interface AttachedSelection extends Selection {
  readonly type: 'selection';
  readonly id: string;
}

/** Selected lines of an editor. */
export interface Selection {
  /** Path of the file for display. */
  readonly name: string;
  /** Language name of a Markdown code block. */
  readonly language: string;
  /** Line numbers start at 1. The last line is included. */
  readonly firstLine: number;
  readonly lastLine: number;
  readonly text: string;
}

/** A file that a view sends to the host. */
export interface FileContent {
  readonly name: string;
  readonly mediaType: string;
  /** Base64. */
  readonly data: string;
}

/**
 * Bytes of all attached files of a message. AgentCore accepts payloads of 100 MB. Base64 adds a third,
 * and the prompt needs room too.
 */
export const MAX_ATTACHMENT_BYTES = 70_000_000;

/** Explains why a file is too large to attach; null if it is not. */
export function validateAttachmentSize(
  name: string,
  size: number,
  attached: readonly Attachment[],
): string | null {
  const total = attached.reduce((sum, one) => sum + ('size' in one ? one.size : 0), size);
  if (total <= MAX_ATTACHMENT_BYTES) return null;
  const others = total === size ? '' : ` with ${formatSize(total - size)} of other files`;
  return `${name} (${formatSize(size)}) is too large${others}. A message can have ${formatSize(MAX_ATTACHMENT_BYTES)} of files.`;
}
