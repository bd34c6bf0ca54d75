import type { Aws } from '../core/targets/targets.ts';
import { createProtocolClients } from '../core/targets/protocols/protocolClients.ts';
import { readRuntimeArn, targetId } from '../shared/targets.ts';
import { readAccount } from './account.ts';
import { ANY_CREDENTIALS } from './localAgents.ts';
import { createTargetClient } from './targetClient.ts';

/** AWS as this environment leads to it: its variables, its files and nothing of ours. */
export function createAws(
  environment: NodeJS.ProcessEnv,
  bearer: (agent: string) => string | undefined,
): Aws {
  return {
    readAccount: (profile) => readAccount(environment, profile),
    async listRuntimes(asker) {
      const { listRuntimes } = await import('./deployedRuntimes.ts');
      return listRuntimes(asker);
    },
    async lookUp({ profile, arn }) {
      const { lookUpRuntime } = await import('./deployedRuntimes.ts');
      const { region, runtimeId } = readRuntimeArn(arn)!;
      return lookUpRuntime({ profile, region }, runtimeId);
    },
    async readLifecycle({ profile, arn }) {
      const { readLifecycle } = await import('./deployedRuntimes.ts');
      const { region, runtimeId } = readRuntimeArn(arn)!;
      return readLifecycle({ profile, region }, runtimeId);
    },
    connect(target) {
      const { arn, qualifier, protocol, profile, authorization } = target;
      const client = createTargetClient({
        region: readRuntimeArn(arn)!.region,
        ...(profile !== '' && { profile }),
        runtimeArn: arn,
        qualifier,
        bearer: () => bearer(targetId(target)),
        // Who has a token needs no key; the SDK wants one all the same.
        ...(authorization === 'token' && { credentials: ANY_CREDENTIALS }),
      });
      return {
        speakerFor: createProtocolClients(protocol, client),
        stopSession: client.stopSession,
        destroy: client.destroy,
      };
    },
  };
}
