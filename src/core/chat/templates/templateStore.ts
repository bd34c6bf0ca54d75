import * as z from 'zod';
import { describeFault } from '../../../shared/payloadSyntax.ts';
import {
  checkTemplate,
  type PayloadTemplate,
  type TemplateTable,
} from '../../../shared/payloadTemplate.ts';

/** A template as a file or a view says it; one that cannot be sent is none. */
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

/** Where the templates of agents are kept. */
export interface TemplateStore {
  /** Those that were kept when this was opened. */
  readonly first: TemplateTable;
  /** Keeps these and no others; what fails is told where it was opened. */
  keep(table: TemplateTable): void;
  /** Resolves when all is kept that was to be. */
  settled(): Promise<void>;
}

/** Keeps templates for as long as the program runs. */
export const inMemoryTemplates: TemplateStore = { first: {}, keep() {}, settled: async () => {} };
