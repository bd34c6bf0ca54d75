import { project } from './project.ts';

const helper = project.runtimes[0]!;
const key = 'arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef';
/** The ARN of a resource of AgentCore. */
export const arn = (resource: string) =>
  `arn:aws:bedrock-agentcore:us-east-1:123456789012:${resource}`;

const tool = {
  name: 'add',
  description: 'Adds numbers.',
  inputSchema: {
    type: 'object',
    properties: { terms: { type: 'array', items: { type: 'number' } } },
    required: ['terms'],
  },
};
const python = { language: 'Python', path: 'tools/add', handler: 'main.handler' };
const toolRuntime = {
  name: 'Calculator',
  toolDefinition: tool,
  compute: { host: 'AgentCoreRuntime', implementation: python },
  bindings: [{ runtimeName: 'Helper', envVarName: 'CALCULATOR_ARN' }],
};

/** Sections that both versions have, with the fields that `projectFile.test.ts` leaves out. */
const shared = {
  ...project,
  runtimes: [
    {
      ...helper,
      endpoints: { prod: { version: 1 } },
      connections: [
        { to: { type: 'memory', arn: arn('memory/Notes-1'), namespaces: ['/a'] } },
        { to: { type: 'gateway', arn: arn('gateway/g-1'), outboundAuth: { awsIam: {} } } },
        { to: { type: 'runtime', arn: arn('runtime/r-1'), exec: true } },
        { to: { type: 'browser' } },
      ],
    },
  ],
  credentials: [
    { authorizerType: 'PaymentCredentialProvider', name: 'Wallet', provider: 'CoinbaseCDP' },
  ],
  knowledgeBases: [
    {
      name: 'Docs',
      dataSources: [
        { type: 'S3', uri: 's3://all-docs/en' },
        { type: 'WEB', connectorConfigFile: 'web.json' },
      ],
    },
  ],
  evaluators: [
    {
      name: 'Own',
      level: 'SESSION',
      config: {
        codeBased: {
          external: { lambdaArn: 'arn:aws:lambda:us-east-1:123456789012:function:Own' },
        },
      },
    },
  ],
  onlineEvalConfigs: [
    {
      name: 'Insights',
      logGroupNames: ['/own/agent'],
      serviceNames: ['own'],
      insights: ['Builtin.Insight.UserIntent'],
      clusteringConfig: { frequencies: ['DAILY'] },
      samplingRate: 0.01,
    },
  ],
  agentCoreGateways: [
    {
      name: 'tools',
      targets: [
        {
          name: 'sums',
          targetType: 'lambda',
          toolDefinitions: [tool],
          compute: { host: 'Lambda', implementation: python, pythonVersion: 'PYTHON_3_13' },
        },
        {
          name: 'docs',
          targetType: 'connector',
          connectorId: 'bedrock-knowledge-bases',
          configurations: [
            { name: 'Retrieve', parameterValues: { knowledgeBaseId: 'Docs' } },
            {
              name: 'AgenticRetrieveStream',
              parameterValues: {
                retrievers: [
                  { configuration: { knowledgeBase: { knowledgeBaseId: 'ABCDE01234' } } },
                ],
              },
            },
          ],
        },
      ],
    },
    {
      name: 'agents',
      protocolType: 'None',
      targets: [
        {
          name: 'helper',
          targetType: 'httpRuntime',
          httpRuntime: { runtime: 'Helper', runtimeEndpoint: 'prod' },
        },
      ],
    },
  ],
  policyEngines: [{ name: 'Guard', policies: [{ name: 'All', statement: 'permit(p, a, r);' }] }],
  configBundles: [
    { name: 'Prompts', components: { [arn('runtime/r')]: { configuration: { any: 1 } } } },
  ],
  payments: [
    {
      name: 'Shop',
      connectors: [
        { name: 'Own', provider: 'CoinbaseCDP', credentialName: 'Wallet' },
        { name: 'New', provider: 'CoinbaseCDP', provisionMode: 'QUICK_CREATE' },
      ],
    },
  ],
};

/** A variant of an AB test that goes to a gateway's target. */
export const variant = (name: string, weight: number, targetName = 'helper') => ({
  name,
  weight,
  variantConfiguration: { target: { targetName } },
});

/** A file of version 1 with every preview resource. */
export const version1 = {
  ...shared,
  version: 1,
  runtimes: [
    ...shared.runtimes,
    {
      ...helper,
      name: 'Large',
      capacityProviderConfiguration: { capacityProviderName: 'Servers' },
      filesystemConfigurations: [
        { capacityProviderVolume: { mountPath: '/mnt/data', volumeName: 'data' } },
      ],
    },
  ],
  abTests: [
    {
      name: 'Tone',
      mode: 'target-based',
      gatewayRef: '{{gateway:agents}}',
      variants: [variant('C', 90), variant('T1', 10)],
      evaluationConfig: { onlineEvaluationConfigArn: arn('online-evaluation-config/o-1') },
      gatewayFilter: { targetPaths: ['/helper/*'] },
    },
  ],
  capacityProviders: [
    {
      name: 'Servers',
      computeConfiguration: {
        ec2Configuration: {
          launchTemplateSource: {
            launchParameters: {
              operatingSystem: 'LINUX_ARM64',
              instanceRequirements: { allowedInstanceTypes: ['m8g.large'] },
              monitoring: { enabled: true },
            },
          },
          vpcConfiguration: { subnets: ['subnet-0123abcd'], securityGroups: ['sg-0123abcd'] },
          volumes: [{ ebsConfiguration: { name: 'data', sizeGiB: 20, iops: 3000 } }],
          lifecycleConfiguration: { maxLifetime: 1_209_600 },
        },
      },
    },
  ],
  datasets: [
    {
      name: 'Questions',
      schemaType: 'AGENTCORE_EVALUATION_PREDEFINED_V1',
      config: { managed: { location: 'datasets/questions.jsonl' } },
      kmsKeyArn: key,
    },
  ],
  mcpRuntimeTools: [toolRuntime],
  unassignedTargets: [
    { name: 'later', targetType: 'mcpServer', endpoint: 'https://later.example/mcp' },
  ],
};

/** A file of version 2 with every preview resource. */
export const version2 = { ...shared, version: 2, toolRuntimes: [toolRuntime] };
