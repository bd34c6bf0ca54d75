import * as z from 'zod';

const claimsOfTime = z.object({ exp: z.number().optional() });

/** Why no server will take a token, as far as that can be seen from here; null where nothing is. */
export function troubleWith(token: string, nowMilliseconds: number): string | null {
  const claims = readClaims(token);
  if (claims === null) return 'That is no JWT, which is three parts with dots between them.';
  const expiry = (claims.exp ?? Infinity) * 1000;
  if (expiry > nowMilliseconds) return null;
  return `The token expired at ${new Date(expiry).toISOString()}.`;
}

function readClaims(token: string): z.infer<typeof claimsOfTime> | null {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return null;
  try {
    return claimsOfTime.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  } catch {
    return null;
  }
}
