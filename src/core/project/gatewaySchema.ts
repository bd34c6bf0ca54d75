import * as z from 'zod';
import { authorizerConfiguration } from './authorizer.ts';
import { fields, nonEmpty, roleArn, tags, text } from './schemaText.ts';
import { toolCompute, toolDefinition } from './toolSchema.ts';

const gatewayName = text(
  /^[0-9A-Za-z](?:[0-9A-Za-z-]{0,98}[0-9A-Za-z])?$/,
  'up to 100 letters, digits and hyphens, without a hyphen at either end',
);

const outboundAuth = fields({
  type: z.enum(['OAUTH', 'API_KEY', 'NONE', 'GATEWAY_IAM_ROLE', 'JWT_PASSTHROUGH']).default('NONE'),
  credentialName: nonEmpty.optional(),
  scopes: z.array(nonEmpty).optional(),
  service: nonEmpty.max(64, 'at most 64 characters').optional(),
  region: nonEmpty.max(32, 'at most 32 characters').optional(),
});

const method = z.enum(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']);

/** The settings of a gateway's target; each kind of target has some of them. */
const settings = {
  toolDefinitions: z.array(toolDefinition).min(1, 'at least one tool').optional(),
  compute: toolCompute.optional(),
  endpoint: text(/^https?:\/\/\S+$/, 'a URL').optional(),
  outboundAuth: outboundAuth.optional(),
  apiGateway: fields({
    restApiId: nonEmpty,
    stage: nonEmpty,
    apiGatewayToolConfiguration: fields({
      toolFilters: z
        .array(fields({ filterPath: nonEmpty, methods: z.array(method).min(1) }))
        .min(1),
      toolOverrides: z
        .array(
          fields({
            name: nonEmpty,
            path: nonEmpty,
            method,
            description: z.string().optional(),
          }),
        )
        .optional(),
    }),
  }).optional(),
  schemaSource: fields({
    inline: fields({ path: nonEmpty }).optional(),
    s3: fields({
      uri: text(/^s3:\/\/.+/, 'a URI such as s3://bucket/key'),
      bucketOwnerAccountId: z.string().optional(),
    }).optional(),
  })
    .refine(({ inline, s3 }) => !inline !== !s3, 'is not a source. Use either inline or s3.')
    .optional(),
  lambdaFunctionArn: fields({
    lambdaArn: nonEmpty.max(170, 'at most 170 characters'),
    toolSchemaFile: nonEmpty,
  }).optional(),
  httpRuntime: fields({ runtime: nonEmpty, runtimeEndpoint: nonEmpty.optional() }).optional(),
  connectorId: z.enum(['bedrock-knowledge-bases', 'web-search']).optional(),
  configurations: z
    .array(
      fields({
        name: nonEmpty,
        description: z.string().optional(),
        parameterValues: z.record(z.string(), z.unknown()).optional(),
        parameterOverrides: z
          .array(
            fields({
              path: nonEmpty,
              description: z.string().optional(),
              visible: z.boolean().optional(),
            }),
          )
          .optional(),
      }),
    )
    .optional(),
  passthrough: fields({
    endpoint: text(/^https:\/\/\S+$/, 'an https URL'),
    protocolType: z.enum(['MCP', 'A2A', 'INFERENCE', 'CUSTOM']).default('CUSTOM'),
    stickinessConfiguration: fields({
      identifier: nonEmpty.max(256, 'at most 256 characters'),
      timeout: z.int().min(1).max(86_400, 'at most 86400 seconds').optional(),
    }).optional(),
  }).optional(),
};

type Setting = keyof typeof settings;

/** Required and optional members of a kind of target, and its ways to call its backend. */
interface TargetRules {
  readonly required: readonly Setting[];
  readonly optional: readonly Setting[];
  readonly auth: readonly string[];
}

const TARGETS = {
  lambda: {
    required: ['toolDefinitions', 'compute'],
    optional: ['outboundAuth'],
    auth: ['OAUTH', 'NONE'],
  },
  mcpServer: {
    required: [],
    optional: ['toolDefinitions', 'compute', 'endpoint', 'outboundAuth'],
    auth: ['OAUTH', 'NONE'],
  },
  openApiSchema: {
    required: ['schemaSource', 'outboundAuth'],
    optional: [],
    auth: ['OAUTH', 'API_KEY'],
  },
  smithyModel: { required: ['schemaSource'], optional: [], auth: [] },
  apiGateway: { required: ['apiGateway'], optional: ['outboundAuth'], auth: ['API_KEY', 'NONE'] },
  lambdaFunctionArn: { required: ['lambdaFunctionArn'], optional: [], auth: [] },
  httpRuntime: { required: ['httpRuntime'], optional: ['outboundAuth'], auth: ['OAUTH', 'NONE'] },
  connector: { required: ['connectorId'], optional: ['configurations'], auth: [] },
  passthrough: {
    required: ['passthrough', 'outboundAuth'],
    optional: [],
    auth: ['GATEWAY_IAM_ROLE', 'OAUTH', 'JWT_PASSTHROUGH'],
  },
} satisfies Record<string, TargetRules>;

const targetType = z.enum(Object.keys(TARGETS) as (keyof typeof TARGETS)[]);

/** A target of a gateway, or an entry of `unassignedTargets`. */
export const gatewayTarget = fields({ name: nonEmpty, targetType, ...settings }).superRefine(
  (target, check) => {
    const { required, optional, auth }: TargetRules = TARGETS[target.targetType];
    const report = (path: string[], message: string) =>
      check.addIssue({ code: 'custom', message, path });
    for (const name of Object.keys(settings) as Setting[]) {
      if (target[name] === undefined && required.includes(name)) {
        report([name], `The value is missing. A target of type ${target.targetType} requires it.`);
      }
      if (target[name] !== undefined && ![...required, ...optional].includes(name)) {
        report([name], `does not belong to a target of type ${target.targetType}. Remove it.`);
      }
    }
    if (target.targetType === 'mcpServer' && !target.endpoint && !target.compute) {
      report(['endpoint'], 'The value is missing. Use the URL of the MCP server, or add compute.');
    }
    if (!target.outboundAuth || auth.length === 0) return;
    const { type, credentialName, service } = target.outboundAuth;
    if (!auth.includes(type)) {
      const types = auth.map((each) => JSON.stringify(each)).join(', ');
      report(['outboundAuth', 'type'], `does not suit the target. Use one of ${types}.`);
    }
    if ((type === 'OAUTH' || type === 'API_KEY') && credentialName === undefined) {
      report(['outboundAuth', 'credentialName'], `The value is missing. ${type} requires it.`);
    }
    if (type === 'GATEWAY_IAM_ROLE' && service === undefined) {
      report(['outboundAuth', 'service'], `The value is missing. ${type} requires it.`);
    }
  },
);

/** Targets that only a gateway without the MCP protocol has. */
const PROTOCOL_FREE = new Set(['httpRuntime', 'passthrough']);

/** An entry of `agentCoreGateways` in agentcore.json. */
export const gateway = fields({
  name: gatewayName,
  resourceName: gatewayName.optional(),
  protocolType: z.enum(['MCP', 'None']).optional(),
  description: z.string().optional(),
  targets: z.array(gatewayTarget),
  authorizerType: z.enum(['NONE', 'AWS_IAM', 'CUSTOM_JWT']).default('NONE'),
  authorizerConfiguration: authorizerConfiguration.optional(),
  enableSemanticSearch: z.boolean().default(true),
  exceptionLevel: z.enum(['NONE', 'DEBUG']).default('NONE'),
  policyEngineConfiguration: fields({
    policyEngineName: nonEmpty,
    mode: z.enum(['LOG_ONLY', 'ENFORCE']),
  }).optional(),
  executionRoleArn: roleArn.optional(),
  tags: tags.optional(),
}).superRefine((entry, check) => {
  const { authorizerType, protocolType, targets } = entry;
  if (authorizerType === 'CUSTOM_JWT' && !entry.authorizerConfiguration) {
    const message = 'The value is missing. Add a customJwtAuthorizer, which CUSTOM_JWT requires.';
    check.addIssue({ code: 'custom', message, path: ['authorizerConfiguration'] });
  }
  for (const [index, target] of targets.entries()) {
    if (protocolType === 'None' || !PROTOCOL_FREE.has(target.targetType)) continue;
    const message = 'requires a gateway with "protocolType": "None". Add it to the gateway.';
    check.addIssue({ code: 'custom', message, path: ['targets', index, 'targetType'] });
  }
});
