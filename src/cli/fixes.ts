/** The credentials that a call was made with. */
export interface UsedCredentials {
  readonly hasToken: boolean;
  /** The request was signed with a key of the caller's own. */
  readonly hasKey: boolean;
}

/** Returns how to fix a failure; null where its own message says so or nothing is known. */
export function suggestFix(error: unknown, { hasToken, hasKey }: UsedCredentials): string | null {
  const { name, code } = error as { readonly name?: string; readonly code?: unknown };
  if (hasToken && name === 'UnauthorizedException') return null;
  if (!hasKey && name === 'UnrecognizedClientException') {
    return 'The emulator verifies signatures, and your environment has no usable key. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to a key that the emulator accepts.';
  }
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND') {
    return 'Start an emulator with agentcore-emulator, or pass the URL of another with --endpoint URL.';
  }
  return (name !== undefined && fixes.get(name)) || null;
}

const fixes = new Map([
  [
    'CredentialsProviderError',
    'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws configure.',
  ],
  ['ExpiredTokenException', 'Your credentials have expired. Sign in again.'],
  ['UnrecognizedClientException', 'AWS does not know these credentials.'],
  ['RetryableConflictException', 'The session is starting or stopping. Try again in a moment.'],
  ['UnauthorizedException', 'Pass a token with --header "Authorization: Bearer TOKEN".'],
]);
