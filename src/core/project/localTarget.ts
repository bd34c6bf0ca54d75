import type { AgentSummary } from '../../shared/emulator.ts';

/** The name of the deployment target that stands for the emulator in the official CLI's files. */
export const LOCAL_TARGET = 'local';

/** The account of every local runtime, which nobody has in AWS. */
export const LOCAL_ACCOUNT = '000000000000';

/** A target as `aws-targets.json` has it. */
export interface DeploymentTarget {
  readonly name: string;
  readonly account: string;
  readonly region: string;
}

/** What `deployed-state.json` tells of each target. */
export interface DeployedState {
  readonly targets?: Readonly<Record<string, object>>;
}

/** The targets with the emulator's among them, and the others as they were. */
export function withLocalTarget(
  targets: readonly DeploymentTarget[],
  region: string,
): DeploymentTarget[] {
  const others = targets.filter(({ name }) => name !== LOCAL_TARGET);
  return [...others, { name: LOCAL_TARGET, account: LOCAL_ACCOUNT, region }];
}

/** Whether a target by our name is somebody's own. */
export function isTaken(targets: readonly DeploymentTarget[]): boolean {
  return targets.some(({ name, account }) => name === LOCAL_TARGET && account !== LOCAL_ACCOUNT);
}

/** The state with the emulator's agents as deployed to its target, and the other targets as they were. */
export function withLocalRuntimes(
  state: DeployedState,
  agents: readonly AgentSummary[],
): DeployedState {
  const runtimes = Object.fromEntries(
    agents.map(({ name, runtimeId, arn }) => [
      name,
      { runtimeId, runtimeArn: arn, roleArn: `arn:aws:iam::${LOCAL_ACCOUNT}:role/${LOCAL_TARGET}` },
    ]),
  );
  return { ...state, targets: { ...state.targets, [LOCAL_TARGET]: { resources: { runtimes } } } };
}
