/** What leads the unmodified AWS SDK to an emulator: its endpoint, and any region and credentials. */
export const sdkSettings = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  // A refusal is the test's, not the SDK's, to see.
  maxAttempts: 1,
});
