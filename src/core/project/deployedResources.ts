import * as z from 'zod';
import { fields, keyArn, nonEmpty, resourceName, tags, text } from './schemaText.ts';

// Resources that the emulator does not run and a deployment creates.

const description = nonEmpty.max(4096, 'at most 4096 characters').optional();

/** An entry of `harnesses`. The harness itself is in a file in its folder. */
export const harness = fields({
  name: text(
    /^[A-Za-z][A-Za-z0-9_]{0,39}$/,
    'a name of a letter, then up to 39 letters, digits or _',
  ),
  path: z.string("the folder of the harness's file, such as app/Harness").min(1),
});

const rating = { label: nonEmpty, definition: nonEmpty };

/** An entry of `evaluators`. */
export const evaluator = fields({
  name: resourceName,
  level: z.enum(['SESSION', 'TRACE', 'TOOL_CALL']),
  description: z.string().optional(),
  config: fields({
    llmAsAJudge: fields({
      modelProvider: z.enum(['Bedrock', 'OpenResponses']).optional(),
      model: nonEmpty,
      instructions: nonEmpty,
      ratingScale: fields({
        numerical: z.array(fields({ value: z.int(), ...rating })).optional(),
        categorical: z.array(fields(rating)).optional(),
      }).refine(
        ({ numerical, categorical }) => !numerical !== !categorical,
        'is not a scale. Use either numerical or categorical.',
      ),
    }).optional(),
    codeBased: fields({
      managed: fields({
        codeLocation: nonEmpty,
        entrypoint: nonEmpty.default('lambda_function.handler'),
        timeoutSeconds: z.int().min(1).max(300, 'at most 300 seconds').default(60),
        additionalPolicies: z.array(nonEmpty).optional(),
      }).optional(),
      external: fields({ lambdaArn: nonEmpty }).optional(),
    })
      .refine(
        ({ managed, external }) => !managed !== !external,
        'is not code. Use either managed or external.',
      )
      .optional(),
    // Version 1 also derives evaluators from those of AWS.
    derived: z.looseObject({}).optional(),
  }).refine(
    (config) => Object.values(config).filter(Boolean).length === 1,
    'is not a configuration. Use either llmAsAJudge or codeBased.',
  ),
  kmsKeyArn: keyArn.optional(),
  tags: tags.optional(),
});

const SAMPLING = 'a percentage from 0.01 to 100';

/** An entry of `onlineEvalConfigs`. */
export const onlineEvaluation = fields({
  name: resourceName,
  agent: nonEmpty.optional(),
  endpoint: nonEmpty.optional(),
  logGroupNames: z.array(nonEmpty).min(1).max(5, 'at most 5 log groups').optional(),
  serviceNames: z.array(nonEmpty).min(1).optional(),
  evaluators: z.array(nonEmpty).optional(),
  insights: z.array(nonEmpty).optional(),
  clusteringConfig: fields({
    frequencies: z.array(z.enum(['DAILY', 'WEEKLY', 'MONTHLY'])).min(1),
  }).optional(),
  samplingRate: z.number(SAMPLING).min(0.01, SAMPLING).max(100, SAMPLING),
  description: z.string().optional(),
  enableOnCreate: z.boolean().optional(),
  tags: tags.optional(),
}).refine(
  ({ agent, logGroupNames }) => !agent !== !logGroupNames,
  'has no source, or two. Use either agent or logGroupNames.',
);

/** An entry of `policyEngines`. */
export const policyEngine = fields({
  name: resourceName,
  description,
  encryptionKeyArn: keyArn.optional(),
  tags: tags.optional(),
  policies: z
    .array(
      fields({
        name: resourceName,
        description,
        statement: z.string('a Cedar policy').min(1, 'a Cedar policy'),
        sourceFile: z.string().optional(),
        validationMode: z
          .enum(['FAIL_ON_ANY_FINDINGS', 'IGNORE_ALL_FINDINGS'])
          .default('FAIL_ON_ANY_FINDINGS'),
        enforcementMode: z.enum(['ACTIVE', 'LOG_ONLY']).default('ACTIVE'),
        authorizationPhase: z.enum(['INITIATE', 'RETURN_OUTPUT']).optional(),
      }),
    )
    .default([]),
});

/** An entry of `knowledgeBases`. */
export const knowledgeBase = fields({
  type: z.literal('AgentCoreKnowledgeBase').optional(),
  name: text(
    /^[A-Za-z][A-Za-z0-9_-]{0,47}$/,
    'a name of a letter, then up to 47 letters, digits, _ or -',
  ),
  description: z.string().optional(),
  dataSources: z
    .array(
      z.discriminatedUnion(
        'type',
        [
          fields({
            type: z.literal('S3'),
            uri: text(/^s3:\/\/.+/, 'a URI such as s3://bucket/prefix'),
          }),
          fields({
            type: z.enum(['WEB', 'CONFLUENCE', 'SHAREPOINT', 'ONEDRIVE', 'GOOGLEDRIVE']),
            connectorConfigFile: nonEmpty,
          }),
        ],
        'one of "S3", "WEB", "CONFLUENCE", "SHAREPOINT", "ONEDRIVE", "GOOGLEDRIVE"',
      ),
    )
    .min(1),
  gateway: nonEmpty.optional(),
});

/** An entry of `configBundles`. */
export const configBundle = fields({
  name: text(
    /^[A-Za-z][A-Za-z0-9_]{0,99}$/,
    'a name of a letter, then up to 99 letters, digits or _',
  ),
  type: z.literal('ConfigurationBundle').optional(),
  description: z.string().optional(),
  components: z.record(z.string(), fields({ configuration: z.record(z.string(), z.unknown()) })),
  branchName: nonEmpty.optional(),
  commitMessage: z.string().optional(),
  kmsKeyArn: keyArn.optional(),
});

/** An entry of `payments`. */
export const paymentManager = fields({
  name: text(/^[A-Za-z][A-Za-z0-9]{0,47}$/, 'a name of a letter, then up to 47 letters or digits'),
  authorizerType: z.enum(['AWS_IAM', 'CUSTOM_JWT']).default('AWS_IAM'),
  authorizerConfiguration: z.looseObject({}).optional(),
  connectors: z
    .array(
      fields({
        name: resourceName,
        provider: z.enum(['CoinbaseCDP', 'StripePrivy']).default('CoinbaseCDP'),
        provisionMode: z.enum(['MANUAL', 'QUICK_CREATE']).optional(),
        credentialName: nonEmpty.optional(),
      }),
    )
    .default([]),
  description: z.string().optional(),
  autoPayment: z.boolean().optional(),
  defaultSpendLimit: z.string().optional(),
  paymentToolAllowlist: z.array(z.string()).optional(),
  networkPreferences: z.array(z.string()).optional(),
});
