import { readProtocolError } from '../core/invocation/protocolError.ts';

/** A request of the AWS SDK before it is sent. */
export interface SdkRequest {
  readonly headers: Record<string, string>;
}

/** A response before the AWS SDK parses it. */
export interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  body: AsyncIterable<Uint8Array> | Uint8Array;
}

/** Replaces the signature of a request with a bearer token. */
export function replaceSignature(token: string, { headers }: SdkRequest): void {
  headers['authorization'] = `Bearer ${token}`;
  // The security token belongs to the credentials that signed.
  delete headers['x-amz-security-token'];
}

/** Rewrites an error in the agent's protocol as an AWS error, the only format that the SDK parses. */
export async function translateRefusal(response: SdkResponse): Promise<void> {
  if (response.statusCode < 400) return;
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const message = readProtocolError(body.toString());
  response.body = message === null ? body : Buffer.from(JSON.stringify({ message }));
}
