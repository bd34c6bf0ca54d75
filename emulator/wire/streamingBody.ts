import type { OutgoingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** A raw body that is passed on as it arrives. */
export interface StreamingBody {
  readonly stream: Readable;
  /** The headers that frame the body, such as its length. */
  readonly headers: OutgoingHttpHeaders;
  /** Observes the bytes before the client receives them. */
  readonly observe?: ((bytes: Buffer) => void) | undefined;
  /** Called when the client disconnects before the end. */
  abandoned(): void;
  /** Returns the final event of an interrupted event stream. Without it, the response is aborted. */
  readonly lastEvent?: (() => Promise<string>) | undefined;
}
