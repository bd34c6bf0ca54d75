import { describeField, type FieldProblem } from './fieldProblem.ts';
import { listGatewayReferences } from './gatewayReferences.ts';
import type { ProjectFile } from './projectFile.ts';
import { referTo, type Reference } from './reference.ts';

/** AWS's own evaluators, and those of other projects. */
const ELSEWHERE = /^(?:Builtin\.|arn:)/;

/** Finds names that no entry of the file has, which a deployment would refuse. */
export function findBrokenReferences(file: ProjectFile): FieldProblem[] {
  return [
    ...listGatewayReferences(file),
    ...listEvaluationReferences(file),
    ...listPaymentReferences(file),
    ...listCapacityReferences(file),
    ...listAbTestReferences(file),
  ].flatMap(({ path, name, names, list }) => {
    if (name === undefined || ELSEWHERE.test(name) || names.includes(name)) return [];
    const known = names.length === 0 ? 'which is empty' : `which has ${names.join(', ')}`;
    return describeField(file, path, `is not in ${list}, ${known}. Add it there.`);
  });
}

function listEvaluationReferences({
  onlineEvalConfigs,
  runtimes,
  evaluators,
}: ProjectFile): Reference[] {
  const runtime = referTo('runtimes', runtimes);
  const evaluator = referTo('evaluators', evaluators);
  return onlineEvalConfigs.flatMap((config, index) => [
    runtime(['onlineEvalConfigs', index, 'agent'], config.agent),
    ...(config.evaluators ?? []).map((name, entry) =>
      evaluator(['onlineEvalConfigs', index, 'evaluators', entry], name),
    ),
  ]);
}

/** A connector needs a credential of its own provider. */
function listPaymentReferences({ payments, credentials }: ProjectFile): Reference[] {
  return payments.flatMap(({ connectors }, index) =>
    connectors.map(({ provider, credentialName }, position) => {
      const suitable = credentials.filter(
        (credential) =>
          credential.authorizerType === 'PaymentCredentialProvider' &&
          credential.provider === provider,
      );
      return referTo(`the payment credentials of ${provider}`, suitable)(
        ['payments', index, 'connectors', position, 'credentialName'],
        credentialName,
      );
    }),
  );
}

function listCapacityReferences(file: ProjectFile): Reference[] {
  if (!('capacityProviders' in file)) return [];
  const { capacityProviders, runtimes } = file;
  const refer = referTo('capacityProviders', capacityProviders);
  return runtimes.flatMap(({ capacityProviderConfiguration, filesystemConfigurations }, index) => {
    const name = capacityProviderConfiguration?.capacityProviderName;
    const provider = capacityProviders.find((each) => each.name === name);
    const { volumes = [] } = provider?.computeConfiguration.ec2Configuration ?? {};
    const volume = referTo(
      `the volumes of ${name}`,
      volumes.map(({ ebsConfiguration }) => ebsConfiguration),
    );
    const path = ['runtimes', index];
    // The volumes of a provider outside the project are unknown.
    const mounts = (provider ? filesystemConfigurations : []).map(
      ({ capacityProviderVolume }, position) =>
        volume(
          [...path, 'filesystemConfigurations', position, 'capacityProviderVolume', 'volumeName'],
          capacityProviderVolume?.volumeName,
        ),
    );
    return mounts.concat(
      refer([...path, 'capacityProviderConfiguration', 'capacityProviderName'], name),
    );
  });
}

function listAbTestReferences(file: ProjectFile): Reference[] {
  if (!('abTests' in file)) return [];
  const refer = referTo(
    'agentCoreGateways',
    file.agentCoreGateways.map(({ name }) => ({ name: `{{gateway:${name}}}` })),
  );
  return file.abTests.flatMap(({ gatewayRef, variants }, index) => {
    const gateway = file.agentCoreGateways.find(({ name }) => gatewayRef === `{{gateway:${name}}}`);
    const target = referTo(`the targets of ${gateway?.name}`, gateway?.targets ?? []);
    const path = ['abTests', index];
    const targets = (gateway ? variants : []).map(({ variantConfiguration }, position) =>
      target(
        [...path, 'variants', position, 'variantConfiguration', 'target', 'targetName'],
        variantConfiguration.target?.targetName,
      ),
    );
    // Other values name a gateway outside the project.
    const isOwn = gatewayRef.startsWith('{{gateway:');
    return targets.concat(isOwn ? refer([...path, 'gatewayRef'], gatewayRef) : []);
  });
}
