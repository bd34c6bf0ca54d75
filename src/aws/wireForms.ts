import { refusalIn } from '../core/invocation/refusal.ts';

/** A request of the SDK's, on its way out. */
export interface SdkRequest {
  readonly headers: Record<string, string>;
}

/** A response as the SDK is about to read it. */
export interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  body: AsyncIterable<Uint8Array> | Uint8Array;
}

/** Puts a token in the place of the signature. */
export function authorizeBy(token: string, { headers }: SdkRequest): void {
  headers['authorization'] = `Bearer ${token}`;
  // It belongs to the credentials that signed.
  delete headers['x-amz-security-token'];
}

/** Puts a refusal in a protocol's own words into AWS's form, which is all that the SDK reads. */
export async function sayPlainly(response: SdkResponse): Promise<void> {
  if (response.statusCode < 400) return;
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const message = refusalIn(body.toString());
  response.body = message === null ? body : Buffer.from(JSON.stringify({ message }));
}
