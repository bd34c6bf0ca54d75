/** A unit of an answer, cut from its bytes. */
export type Frame =
  /** A server-sent event, a line or a whole document, which should be JSON. */
  | {
      readonly type: 'event';
      readonly name: string | undefined;
      readonly data: string;
      /** Characters beyond the limit, which were dropped. */
      readonly cut: number;
    }
  /** Plain text. */
  | { readonly type: 'text'; readonly text: string }
  /** Content that is not text. */
  | {
      readonly type: 'binary';
      readonly length: number;
      readonly unit: 'characters' | 'bytes';
    };

/** Cuts decoded text into frames. The frames do not depend on how the text is split. */
export interface Framing {
  push(text: string): Frame[];
  /** Returns the frames that were held back, because the answer has ended. */
  end(): Frame[];
}

/** Characters that are kept of one event. AWS limits a chunk of a stream to 10 MB. */
export const MAX_EVENT_LENGTH = 4_000_000;
