const CUSTOM = 'x-amzn-bedrock-agentcore-runtime-custom-';

/** Headers that say how a message is carried; they are never the agent's to ask for. */
const STRUCTURAL = new Set(
  `connection content-encoding content-length expect host keep-alive proxy-authenticate
   proxy-authorization te trailer transfer-encoding upgrade`.split(/\s+/),
);

/** Why AWS would not let a header onto the allowlist; null where it would. */
export function validateAllowlistedHeader(name: string): string | null {
  const lower = name.toLowerCase();
  if (!/^[a-z0-9_-]+$/.test(lower)) return 'a header is letters, digits, - and _';
  if (STRUCTURAL.has(lower)) return 'this header belongs to HTTP itself';
  if (lower.startsWith('x-amz-') || (lower.startsWith('x-amzn-') && !lower.startsWith(CUSTOM))) {
    return 'headers of AWS are refused, except X-Amzn-Bedrock-AgentCore-Runtime-Custom-…';
  }
  return null;
}
