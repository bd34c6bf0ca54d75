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
  /** Returns the event that ends an interrupted stream of events; without it the response is cut off. */
  readonly lastEvent?: (() => Promise<string>) | undefined;
}
