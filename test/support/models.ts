import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { onTestFinished } from 'vitest';
import { sdkSettings } from './sdk.ts';

/** Creates a Bedrock Runtime client of an emulator. It speaks HTTP/2, as the SDK does by default. */
export function useBedrockRuntime({ url }: { readonly url: string }): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient(sdkSettings(url));
  onTestFinished(() => client.destroy());
  return client;
}
