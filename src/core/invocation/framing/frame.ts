/** What the bytes of an answer are cut into. */
export type Frame =
  /** A server-sent event, a line or a whole document, which should be JSON. */
  | {
      readonly type: 'event';
      readonly name: string | undefined;
      readonly data: string;
      /** How many more characters it had than are kept of one. */
      readonly cut: number;
    }
  /** Words, as they come. */
  | { readonly type: 'words'; readonly text: string }
  /** It was not text: so much of it. */
  | {
      readonly type: 'binary';
      readonly length: number;
      readonly unit: 'characters' | 'bytes';
    };

/** Cuts decoded text into frames; wherever it was cut before, they are the same. */
export interface Framing {
  push(text: string): Frame[];
  /** The answer is complete: what was waiting for more comes out. */
  end(): Frame[];
}

/** How many characters are kept of one event: AWS itself lets no chunk of a stream be over 10 MB. */
export const LONGEST_EVENT = 4_000_000;
