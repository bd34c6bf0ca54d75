import { createAgentRegistry, type AgentRegistry } from '../core/agents/agentRegistry.ts';
import type { EmulatorConnection } from '../core/emulatorClient/emulatorConnection.ts';
import { createAwsAgents, type TargetStore } from '../core/targets/awsAgents.ts';
import { createEmulatorAgents } from '../core/targets/emulatorAgents.ts';
import type { OpenClient } from '../core/targets/openClient.ts';
import { createTokens, type TokenStore } from '../core/targets/tokens.ts';
import { isLocal, targetId } from '../shared/target.ts';
import { createAwsDirectory } from './awsDirectory.ts';
import { chooseCredentials } from './credentials.ts';
import { createTargetClient, type CallerCredentials } from './targetClient.ts';

/** Dependencies of a program's registry. */
export interface OpenRegistryOptions {
  readonly emulator: EmulatorConnection;
  /** Credentials for the emulator; absent to use placeholders. */
  readonly emulatorCredentials?: CallerCredentials['credentials'];
  /** Store of the user's targets in AWS, or why this program must not call AWS, and the fix. */
  readonly targets: TargetStore | string;
  readonly tokens: TokenStore;
  readonly logger: { warn(message: string): void };
}

/** Opens the registry of the agents in the emulator and in AWS. The AWS SDK calls both. */
export function openAgentRegistry({
  emulator,
  emulatorCredentials,
  targets,
  tokens: tokenStore,
  logger,
}: OpenRegistryOptions): AgentRegistry {
  const tokens = createTokens(tokenStore);
  const openClient: OpenClient = (target) =>
    createTargetClient(target, {
      ...chooseCredentials(target),
      ...(isLocal(target) && emulatorCredentials && { credentials: emulatorCredentials }),
      bearer: () => tokens.bearer(targetId(target)),
    });
  return createAgentRegistry({
    emulator: createEmulatorAgents({ emulator, openClient, logger }),
    aws:
      typeof targets === 'string'
        ? targets
        : createAwsAgents({
            directory: createAwsDirectory(process.env),
            store: targets,
            openClient,
            tokens,
            now: Date.now,
          }),
    tokens,
  });
}
