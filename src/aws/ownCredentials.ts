import { BedrockAgentCoreClient } from '@aws-sdk/client-bedrock-agentcore';

/** The credentials that the AWS SDK finds in the environment; null if it finds none that are usable. */
export async function findOwnCredentials(region: string) {
  const client = new BedrockAgentCoreClient({ region });
  try {
    return await client.config.credentials();
  } catch {
    return null;
  } finally {
    client.destroy();
  }
}
