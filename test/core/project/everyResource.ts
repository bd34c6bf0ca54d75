import { project } from '../../support/project.ts';

const [helper] = project.runtimes;
const tags = { 'agentcore:created-by': 'agentcore-cli' };
const role = 'arn:aws:iam::123456789012:role/Agent';
const rating = { value: 1, label: 'good', definition: 'polite' };

/** Every kind of resource that both versions have, with most of its fields. */
export const everyResource = {
  managedBy: 'CDK',
  tags,
  runtimes: [
    {
      ...helper,
      description: 'Helps.',
      build: 'CodeZip',
      runtimeVersion: 'NODE_22',
      envVars: [{ name: 'MODE', value: 'fast' }],
      networkMode: 'PUBLIC',
      instrumentation: { enableOtel: false },
      protocol: 'HTTP',
      requestHeaderAllowlist: ['X-Amzn-Bedrock-AgentCore-Runtime-Custom-Shade'],
      executionRoleArn: role,
      additionalPolicies: ['policies/s3.json'],
      lifecycleConfiguration: { idleRuntimeSessionTimeout: 60, maxLifetime: 600 },
      filesystemConfigurations: [{ sessionStorage: { mountPath: '/mnt/data' } }],
      endpoints: { prod: { version: 1, description: 'Live' } },
      connections: [{ to: { type: 'memory', name: 'Notes' }, access: 'readwrite' }],
      tags,
    },
  ],
  memories: [
    {
      name: 'Notes',
      eventExpiryDuration: 30,
      strategies: [
        { type: 'SEMANTIC', namespaceTemplates: ['/users/{actorId}/facts'] },
        {
          type: 'EPISODIC',
          namespaceTemplates: ['/episodes/{actorId}/{sessionId}'],
          reflectionNamespaceTemplates: ['/episodes/{actorId}'],
        },
      ],
      indexedKeys: [{ key: 'topic', type: 'STRING' }],
      tags,
      executionRoleArn: role,
    },
  ],
  knowledgeBases: [{ name: 'Docs', dataSources: [{ type: 'S3', uri: 's3://docs/all' }] }],
  credentials: [
    { authorizerType: 'ApiKeyCredentialProvider', name: 'Key' },
    {
      authorizerType: 'OAuthCredentialProvider',
      name: 'Login',
      discoveryUrl: 'https://id.example/.well-known/openid-configuration',
      scopes: ['read'],
    },
  ],
  evaluators: [
    {
      name: 'Tone',
      level: 'TRACE',
      config: {
        llmAsAJudge: { model: 'm', instructions: 'Judge.', ratingScale: { numerical: [rating] } },
      },
    },
  ],
  onlineEvalConfigs: [
    { name: 'Live', agent: 'Helper', evaluators: ['Tone', 'Builtin.Helpfulness'], samplingRate: 5 },
  ],
  agentCoreGateways: [
    {
      name: 'tools',
      authorizerType: 'AWS_IAM',
      policyEngineConfiguration: { policyEngineName: 'Guard', mode: 'ENFORCE' },
      targets: [
        {
          name: 'search',
          targetType: 'mcpServer',
          endpoint: 'https://search.example/mcp',
          outboundAuth: { type: 'OAUTH', credentialName: 'Login', scopes: ['read'] },
        },
        { name: 'model', targetType: 'smithyModel', schemaSource: { inline: { path: 'm.json' } } },
      ],
    },
    {
      name: 'agents',
      protocolType: 'None',
      targets: [{ name: 'own', targetType: 'httpRuntime', httpRuntime: { runtime: 'Helper' } }],
    },
  ],
  policyEngines: [
    {
      name: 'Guard',
      policies: [{ name: 'All', statement: 'permit(principal, action, resource);' }],
    },
  ],
  configBundles: [{ name: 'Prompts', components: { Helper: { configuration: { any: [1] } } } }],
  harnesses: [{ name: 'Desk', path: 'app/Desk' }],
};
