import * as z from 'zod';
import { fields, nonEmpty, resourceName } from './schemaText.ts';

const WEIGHT = 'a whole percentage from 1 to 100';
const NAMES = ['C', 'T1'] as const;
const PAIR = 'exactly two entries, for C and T1';

const variant = fields({
  name: z.enum(NAMES),
  weight: z.int(WEIGHT).min(1, WEIGHT).max(100, WEIGHT),
  variantConfiguration: fields({
    configurationBundle: fields({ bundleArn: nonEmpty, bundleVersion: nonEmpty }).optional(),
    target: fields({ targetName: nonEmpty.max(100, 'at most 100 characters') }).optional(),
  }).refine(
    ({ configurationBundle, target }) => !configurationBundle !== !target,
    'is not a configuration. Use either configurationBundle or target.',
  ),
});

const evaluation = fields({
  onlineEvaluationConfigArn: nonEmpty.optional(),
  perVariantOnlineEvaluationConfig: z
    .array(fields({ treatmentName: z.enum(NAMES), onlineEvaluationConfigArn: nonEmpty }))
    .length(2, PAIR)
    .optional(),
}).refine(
  (config) => !config.onlineEvaluationConfigArn !== !config.perVariantOnlineEvaluationConfig,
  'is not a configuration. Use either onlineEvaluationConfigArn or perVariantOnlineEvaluationConfig.',
);

/** An entry of `abTests`, which only version 1 has. */
export const abTest = fields({
  name: resourceName,
  description: nonEmpty.max(200, 'at most 200 characters').optional(),
  mode: z.enum(['config-bundle', 'target-based']).default('config-bundle'),
  gatewayRef: nonEmpty,
  roleArn: nonEmpty.optional(),
  variants: z.array(variant).length(2, PAIR),
  evaluationConfig: evaluation,
  gatewayFilter: fields({
    targetPaths: z.array(nonEmpty.max(500, 'at most 500 characters')).max(1, 'at most one path'),
  }).optional(),
  trafficAllocationConfig: fields({
    routeOnHeader: fields({ headerName: nonEmpty }),
  }).optional(),
  enableOnCreate: z.boolean().optional(),
  promoted: z.boolean().optional(),
}).superRefine(({ mode, variants }, check) => {
  const report = (message: string, ...path: (string | number)[]) =>
    check.addIssue({ code: 'custom', message, path: ['variants', ...path] });
  const [first, second] = variants;
  if (first?.name === second?.name) {
    report('is also the name of variants[0]. Name one C, the control, and one T1.', 1, 'name');
  }
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  if (total !== 100) {
    report(`has weights that add up to ${total}. Use weights that add up to 100.`);
  }
  const kind = mode === 'target-based' ? 'target' : 'configurationBundle';
  for (const [index, { variantConfiguration }] of variants.entries()) {
    if (variantConfiguration[kind] !== undefined) continue;
    report(`does not suit the mode ${mode}. Use ${kind}.`, index, 'variantConfiguration');
  }
});
