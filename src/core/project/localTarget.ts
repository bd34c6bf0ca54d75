import type { AgentSummary } from '../../shared/emulator.ts';

/** The name of the deployment target that stands for the emulator in the official CLI's files. */
export const LOCAL_TARGET = 'local';

/** The account ID of every local runtime. It does not exist in AWS. */
export const LOCAL_ACCOUNT = '000000000000';

/** An entry of `aws-targets.json`. */
export interface DeploymentTarget {
  readonly name: string;
  readonly account: string;
  readonly region: string;
}

/** The content of `deployed-state.json`: the deployed resources of each target. */
export interface DeployedState {
  readonly targets?: Readonly<Record<string, object>>;
}

/** Adds or replaces the emulator's target and keeps the others. */
export function withLocalTarget(
  targets: readonly DeploymentTarget[],
  region: string,
): DeploymentTarget[] {
  const others = targets.filter(({ name }) => name !== LOCAL_TARGET);
  return [...others, { name: LOCAL_TARGET, account: LOCAL_ACCOUNT, region }];
}

/** True if a target of the user's own has the name of the emulator's target. */
export function isTaken(targets: readonly DeploymentTarget[]): boolean {
  return targets.some(({ name, account }) => name === LOCAL_TARGET && account !== LOCAL_ACCOUNT);
}

/** Records the emulator's agents as deployed to its target and keeps the other targets. */
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
