import * as z from 'zod';

const timeClaims = z.object({ exp: z.number().optional() });

/** Explains why every authorizer rejects a token; null if the token alone does not show a reason. */
export function explainInvalidToken(token: string, nowMilliseconds: number): string | null {
  const claims = readClaims(token);
  if (claims === null) return 'Not a valid JWT.';
  const expiry = (claims.exp ?? Infinity) * 1000;
  if (expiry > nowMilliseconds) return null;
  return `The token expired at ${new Date(expiry).toISOString()}.`;
}

function readClaims(token: string): z.infer<typeof timeClaims> | null {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return null;
  try {
    return timeClaims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  } catch {
    return null;
  }
}
