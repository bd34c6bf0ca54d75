import * as z from 'zod';
import { describeFault } from '../../../shared/payloadSyntax.ts';
import {
  checkTemplate,
  type PayloadTemplate,
  type TemplateTable,
} from '../../../shared/payloadTemplate.ts';

/** A valid template from a file or a view. */
export const payloadTemplate = z.object({
  message: z.string().max(100_000).superRefine(demand('message')),
  cancel: z.string().max(100_000).superRefine(demand('cancel')).nullable(),
  transport: z.exactOptional(z.enum(['http', 'webSocket'])),
}) satisfies z.ZodType<PayloadTemplate>;

function demand(use: 'message' | 'cancel') {
  return (source: string, context: z.RefinementCtx): void => {
    const fault = checkTemplate(source, use);
    if (fault) context.addIssue({ code: 'custom', message: describeFault(source, fault) });
  };
}

/** Stores payload templates by agent. */
export interface TemplateStore {
  /** The templates at opening. */
  readonly first: TemplateTable;
  /** Replaces all templates. Failures are logged. */
  keep(table: TemplateTable): void;
  /** Resolves when all writes are done. */
  settled(): Promise<void>;
}

/** A store that lasts as long as the program. */
export const inMemoryTemplates: TemplateStore = { first: {}, keep() {}, settled: async () => {} };
