import * as z from 'zod';
import type { TemplateRequest } from '../../../shared/chat/viewMessage.ts';
import type { HandlerContext, Handlers } from '../handlers.ts';
import { payloadTemplate, type Templates } from './templates.ts';

/** What a view asks for about payload templates. */
export const templateRequest = z.object({
  type: z.literal('keepTemplate'),
  agent: z.string(),
  template: payloadTemplate.nullable(),
}) satisfies z.ZodType<TemplateRequest>;

/** Handles it. */
export function templateHandlers(
  { state, change }: HandlerContext,
  templates: Templates,
): Handlers<TemplateRequest> {
  return {
    keepTemplate({ agent, template }) {
      change({ type: 'template', agent, template });
      templates.keep(state().templates);
    },
  };
}
