import * as z from 'zod';
import { describeFault } from '../payloadSyntax.ts';
import { checkTemplate, type PayloadTemplate } from '../payloadTemplate.ts';

/** A valid template from a file or a view. */
export const payloadTemplate = z.object({
  message: z.string().max(100_000).superRefine(validateTemplate('message')),
  cancel: z.string().max(100_000).superRefine(validateTemplate('cancel')).nullable(),
  transport: z.exactOptional(z.enum(['http', 'webSocket'])),
}) satisfies z.ZodType<PayloadTemplate>;

function validateTemplate(use: 'message' | 'cancel') {
  return (source: string, context: z.RefinementCtx): void => {
    const fault = checkTemplate(source, use);
    if (fault) context.addIssue({ code: 'custom', message: describeFault(source, fault) });
  };
}
