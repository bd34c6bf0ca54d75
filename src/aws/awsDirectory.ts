import type { AwsDirectory } from '../core/targets/awsAgents.ts';
import { parseRuntimeArn } from '../shared/target.ts';
import { readAccount } from './account.ts';

/** Reads runtimes from AWS, as configured by the variables and files of this environment. */
export function createAwsDirectory(environment: NodeJS.ProcessEnv): AwsDirectory {
  return {
    readAccount: (profile) => readAccount(environment, profile),
    async listRuntimes(query) {
      const { listRuntimes } = await import('./deployedRuntimes.ts');
      return listRuntimes(query);
    },
    async lookUp({ profile, arn }) {
      const { lookUpRuntime } = await import('./deployedRuntimes.ts');
      const { region, runtimeId } = parseRuntimeArn(arn)!;
      return lookUpRuntime({ profile, region }, runtimeId);
    },
    async readLifecycle({ profile, region, runtimeArn }) {
      const { readLifecycle } = await import('./deployedRuntimes.ts');
      return readLifecycle({ profile, region }, parseRuntimeArn(runtimeArn)!.runtimeId);
    },
  };
}
