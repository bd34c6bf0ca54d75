const CUSTOM = 'x-amzn-bedrock-agentcore-runtime-custom-';

/** Headers of the HTTP connection and message, which an agent cannot request. */
const TRANSPORT_HEADERS = new Set(
  `connection content-encoding content-length expect host keep-alive proxy-authenticate
   proxy-authorization te trailer transfer-encoding upgrade`.split(/\s+/),
);

/** Explains why AWS rejects a header in the allowlist; null if it accepts it. */
export function validateAllowlistedHeader(name: string): string | null {
  const lower = name.toLowerCase();
  if (!/^[a-z0-9_-]+$/.test(lower)) return 'a header name has only letters, digits, - and _';
  if (TRANSPORT_HEADERS.has(lower)) return 'this header is reserved for HTTP';
  if (lower.startsWith('x-amz-') || (lower.startsWith('x-amzn-') && !lower.startsWith(CUSTOM))) {
    return 'AWS headers are not allowed, except X-Amzn-Bedrock-AgentCore-Runtime-Custom-…';
  }
  return null;
}
