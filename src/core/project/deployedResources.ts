import * as z from 'zod';
import {
  fields,
  keyArn,
  nonEmpty,
  rejectDuplicates,
  resourceName,
  tags,
  text,
} from './schemaText.ts';

// Resources that the emulator does not run and a deployment creates.

const description = nonEmpty.max(4096, 'at most 4096 characters').optional();

/** An entry of `harnesses`. The harness itself is in a file in its folder. */
export const harness = fields({
  name: text(/^[A-Za-z][A-Za-z0-9_]{0,39}$/, 'a letter followed by up to 39 letters, digits or _'),
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
      model: text(/^[\x21-\x7E]{1,2048}$/, 'a model ID without spaces'),
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
      external: fields({
        lambdaArn: text(
          /^arn:[^:]+:lambda:[a-z0-9-]+:\d{12}:function:.+$/,
          'an ARN such as arn:aws:lambda:us-east-1:123456789012:function:Name',
        ),
      }).optional(),
    })
      .refine(
        ({ managed, external }) => !managed !== !external,
        'is not code. Use either managed or external.',
      )
      .optional(),
  }).refine(
    (config) => Object.values(config).filter(Boolean).length === 1,
    'is not a configuration. Use either llmAsAJudge or codeBased.',
  ),
  kmsKeyArn: keyArn.optional(),
  tags: tags.optional(),
});

const SAMPLING = 'a percentage from 0.01 to 100';

/** Fields of an online evaluation that have a meaning only beside another one. */
const REQUIRED_BY = [
  ['endpoint', 'agent'],
  ['serviceNames', 'logGroupNames'],
  ['clusteringConfig', 'insights'],
] as const;

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
  description: z.string().max(200, 'at most 200 characters').optional(),
  enableOnCreate: z.boolean().optional(),
  tags: tags.optional(),
})
  .refine(
    ({ agent, logGroupNames }) => !agent !== !logGroupNames,
    'needs exactly one source. Use either agent or logGroupNames.',
  )
  .refine(
    ({ evaluators = [], insights = [] }) => evaluators.length > 0 !== insights.length > 0,
    'needs exactly one kind of evaluation. Use either evaluators or insights.',
  )
  .superRefine((config, check) => {
    for (const [field, required] of REQUIRED_BY) {
      if (config[field] === undefined || config[required] !== undefined) continue;
      const message = `has no effect without ${required}. Add ${required}, or remove it.`;
      check.addIssue({ code: 'custom', message, path: [field] });
    }
  });

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
    .check(rejectDuplicates('name', ({ name }) => name))
    .default([]),
});

/** An entry of `knowledgeBases`. */
export const knowledgeBase = fields({
  type: z.literal('AgentCoreKnowledgeBase').optional(),
  name: text(
    /^[A-Za-z][A-Za-z0-9_-]{0,47}$/,
    'a letter followed by up to 47 letters, digits, _ or -',
  ),
  description: z.string().max(2048, 'at most 2048 characters').optional(),
  dataSources: z
    .array(
      z.discriminatedUnion(
        'type',
        [
          fields({
            type: z.literal('S3'),
            uri: text(
              /^s3:\/\/(?!xn--|sthree-)(?![^/]*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias)(?:\/.*)?$/,
              'a URI such as s3://bucket/prefix, with the name of an S3 bucket',
            ),
          }),
          fields({
            type: z.enum(['WEB', 'CONFLUENCE', 'SHAREPOINT', 'ONEDRIVE', 'GOOGLEDRIVE']),
            connectorConfigFile: nonEmpty,
          }),
        ],
        'one of "S3", "WEB", "CONFLUENCE", "SHAREPOINT", "ONEDRIVE", "GOOGLEDRIVE"',
      ),
    )
    .min(1)
    .superRefine((sources, check) => {
      const places = sources.map((source) =>
        source.type === 'S3' ? source.uri : source.connectorConfigFile,
      );
      for (const [index, place] of places.entries()) {
        const first = places.indexOf(place);
        if (first === index) continue;
        const message = `has the same content as entry ${first}. Remove one of them.`;
        check.addIssue({ code: 'custom', message, path: [index] });
      }
    }),
  gateway: nonEmpty.optional(),
});

/** An entry of `configBundles`. */
export const configBundle = fields({
  name: text(/^[A-Za-z][A-Za-z0-9_]{0,99}$/, 'a letter followed by up to 99 letters, digits or _'),
  type: z.literal('ConfigurationBundle').optional(),
  description: nonEmpty.max(500, 'at most 500 characters').optional(),
  components: z.record(z.string(), fields({ configuration: z.record(z.string(), z.unknown()) })),
  branchName: nonEmpty.max(128, 'at most 128 characters').optional(),
  commitMessage: z.string().max(500, 'at most 500 characters').optional(),
  kmsKeyArn: keyArn.optional(),
});
