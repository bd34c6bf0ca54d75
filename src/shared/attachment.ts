import { formatSize } from './formatSize.ts';

/** What goes to an agent beside a person's words. */
export type Attachment = AttachedFile | AttachedSelection;

/** An image or another file; its content is the host's alone. */
export interface AttachedFile {
  readonly type: 'image' | 'file';
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  /** In bytes. */
  readonly size: number;
  /** A small picture of it, as a data URL; null where there is none. */
  readonly thumbnail: string | null;
}

/** Lines out of an editor. */
export interface AttachedSelection extends Selection {
  readonly type: 'selection';
  readonly id: string;
}

/** What is selected in an editor. */
export interface Selection {
  /** The file's path, as one would say it. */
  readonly name: string;
  /** As Markdown names languages. */
  readonly language: string;
  /** Counted from 1, the last included. */
  readonly firstLine: number;
  readonly lastLine: number;
  readonly text: string;
}

/** A file on its way to the host. */
export interface FileContent {
  readonly name: string;
  readonly mediaType: string;
  /** Base64. */
  readonly data: string;
}

/**
 * AgentCore takes payloads of 100 MB; files are a third larger in base64, and something is left for the
 * words.
 */
export const MAX_ATTACHMENT_BYTES = 70_000_000;

/** Why something of this size cannot be attached beside what is; null where it can. */
export function validateAttachmentSize(
  name: string,
  size: number,
  attached: readonly Attachment[],
): string | null {
  const sum = attached.reduce((total, one) => total + ('size' in one ? one.size : 0), size);
  if (sum <= MAX_ATTACHMENT_BYTES) return null;
  const beside = sum === size ? '' : ` beside ${formatSize(sum - size)} of others`;
  return `${name} (${formatSize(size)}) is too large${beside}: AgentCore takes 100 MB with a message, which is ${formatSize(MAX_ATTACHMENT_BYTES)} of files.`;
}
