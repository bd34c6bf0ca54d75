/** With what an agent was called. */
export interface CallerMeans {
  readonly hasToken: boolean;
  /** Whether the request was signed with a key of the caller's own. */
  readonly hasKey: boolean;
}

/** What to do about a failure whose own words do not say it; null where they do. */
export function mendOf(error: unknown, { hasToken, hasKey }: CallerMeans): string | null {
  const { name, code } = error as { readonly name?: string; readonly code?: unknown };
  if (hasToken && name === 'UnauthorizedException') return null;
  if (!hasKey && name === 'UnrecognizedClientException') {
    return 'You have no key in your environment, and this emulator verifies signatures: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to one that it was started with.';
  }
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND') {
    return 'Is it running? agentcore-emulator starts one; --endpoint names another.';
  }
  return (name !== undefined && mends.get(name)) || null;
}

const mends = new Map([
  [
    'CredentialsProviderError',
    'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws configure.',
  ],
  ['ExpiredTokenException', 'Your credentials have expired; sign in again.'],
  ['UnrecognizedClientException', 'These credentials are of no account that AWS knows.'],
  [
    'RetryableConflictException',
    'The session is being started or ended by somebody else; try again in a moment.',
  ],
  ['UnauthorizedException', 'Pass a token: --header "Authorization: Bearer TOKEN".'],
]);
