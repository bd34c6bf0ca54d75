import { expect, test } from 'vitest';
import { readProject } from '../../../src/core/project/project.ts';
import { useProject } from '../../support/project.ts';
import { variant, version1 } from '../../support/projectResources.ts';
import { testWrongFields, type WrongField } from '../../support/wrongFields.ts';

test('A file of version 1 with every preview resource is read.', async () => {
  const { agents, warnings } = await readProject(await useProject(version1));
  expect(warnings).toEqual([]);
  expect(agents[0]!.name).toBe('Helper');
});

const ec2 = ['capacityProviders', 0, 'computeConfiguration', 'ec2Configuration'];

const wrong: readonly WrongField[] = [
  [
    ['abTests', 0, 'variants', 1, 'weight'],
    20,
    'abTests[0].variants: […] has weights that add up to 110. Use weights that add up to 100.',
  ],
  [
    ['abTests', 0, 'variants', 1, 'name'],
    'C',
    'abTests[0].variants[1].name: "C" is also the name of variants[0]. Name one C, the control, and one T1.',
  ],
  [
    ['abTests', 0, 'mode'],
    'random',
    'abTests[0].mode: "random" is not valid. Use one of "config-bundle", "target-based".',
  ],
  [
    ['abTests', 0, 'gatewayRef'],
    '{{gateway:agent}}',
    'abTests[0].gatewayRef: "{{gateway:agent}}" is not in agentCoreGateways, which has {{gateway:tools}}, {{gateway:agents}}. Add it there.',
  ],
  [
    ['abTests', 0, 'variants', 0],
    variant('C', 90, 'helpr'),
    'abTests[0].variants[0].variantConfiguration.target.targetName: "helpr" is not in the targets of agents, which has helper. Add it there.',
  ],
  [
    ['abTests', 0, 'variants'],
    [variant('C', 100)],
    'abTests[0].variants: […] is not valid. Use exactly two entries, for C and T1.',
  ],
  [
    ['abTests', 0, 'evaluationConfig'],
    {},
    'abTests[0].evaluationConfig: {} is not a configuration. Use either onlineEvaluationConfigArn or perVariantOnlineEvaluationConfig.',
  ],
  [
    [...ec2, 'launchTemplateSource', 'launchParameters', 'operatingSystem'],
    'WINDOWS_X86_64',
    'capacityProviders[0].computeConfiguration.ec2Configuration.launchTemplateSource.launchParameters.operatingSystem: "WINDOWS_X86_64" is not valid. Use one of "LINUX_X86_64", "LINUX_ARM64".',
  ],
  [
    [...ec2, 'vpcConfiguration', 'subnets', 0],
    'private',
    'capacityProviders[0].computeConfiguration.ec2Configuration.vpcConfiguration.subnets[0]: "private" is not valid. Use a subnet, such as subnet-0123abcd.',
  ],
  [
    [...ec2, 'volumes', 0, 'ebsConfiguration', 'sizeGiB'],
    0,
    'capacityProviders[0].computeConfiguration.ec2Configuration.volumes[0].ebsConfiguration.sizeGiB: 0 is not valid. Use a whole number of GiB from 1 to 65536.',
  ],
  [
    ['runtimes', 1, 'capacityProviderConfiguration'],
    { capacityProviderName: 'Server' },
    'runtimes[1].capacityProviderConfiguration.capacityProviderName: "Server" is not in capacityProviders, which has Servers. Add it there.',
  ],
  [
    ['runtimes', 1, 'capacityProviderConfiguration'],
    {},
    'runtimes[1].capacityProviderConfiguration: {} is not a reference. Use either capacityProviderName or capacityProviderArn.',
  ],
  [
    ['runtimes', 1, 'capacityProviderConfiguration'],
    undefined,
    'runtimes[1].filesystemConfigurations[0].capacityProviderVolume: {"mountPath":"/mnt/data","volumeName":"data"} requires a capacity provider. Add capacityProviderConfiguration to the runtime.',
  ],
  [
    ['runtimes', 1, 'filesystemConfigurations', 0, 'capacityProviderVolume', 'volumeName'],
    'dat',
    'runtimes[1].filesystemConfigurations[0].capacityProviderVolume.volumeName: "dat" is not in the volumes of Servers, which has data. Add it there.',
  ],
  [
    ['runtimes', 1, 'networkMode'],
    'PUBLIC',
    'runtimes[1].networkMode: "PUBLIC" cannot be combined with capacityProviderConfiguration. Remove it.',
  ],
  [
    ['datasets', 0, 'schemaType'],
    'CSV',
    'datasets[0].schemaType: "CSV" is not valid. Use one of "AGENTCORE_EVALUATION_PREDEFINED_V1", "AGENTCORE_EVALUATION_SIMULATED_V1".',
  ],
  [
    ['datasets', 0, 'config', 'managed'],
    undefined,
    'datasets[0].config.managed: The value is missing. Use an object.',
  ],
  [
    ['mcpRuntimeTools', 0, 'compute', 'implementation', 'language'],
    'TypeScript',
    'mcpRuntimeTools[0].compute.implementation.language: "TypeScript" does not run on AgentCoreRuntime. Use "Python", or host "Lambda".',
  ],
  [
    ['unassignedTargets', 0, 'endpoint'],
    'later',
    'unassignedTargets[0].endpoint: "later" is not valid. Use a URL.',
  ],
];

testWrongFields(version1, wrong);
