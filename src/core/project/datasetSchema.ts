import * as z from 'zod';
import { fields, keyArn, nonEmpty, resourceName } from './schemaText.ts';

/** An entry of `datasets`, which only version 1 has. */
export const dataset = fields({
  name: resourceName,
  schemaType: z.enum(['AGENTCORE_EVALUATION_PREDEFINED_V1', 'AGENTCORE_EVALUATION_SIMULATED_V1']),
  description: z.string().max(200, 'at most 200 characters').optional(),
  config: fields({ managed: fields({ location: nonEmpty }) }),
  kmsKeyArn: keyArn.optional(),
});
