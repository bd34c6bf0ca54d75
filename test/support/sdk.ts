/** Returns AWS SDK client settings for an emulator. Region and credentials are arbitrary. */
export const sdkSettings = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  // Tests check errors themselves, so the SDK must not retry.
  maxAttempts: 1,
});
