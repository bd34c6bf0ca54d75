import * as z from 'zod';
import type { TemplateRequest } from '../../../shared/chat/viewMessage.ts';
import type { HandlerContext, MessageHandlers } from '../handlers.ts';
import { payloadTemplate, type TemplateStore } from './templateStore.ts';

/** A view's requests about payload templates. */
export const templateRequest = z.object({
  type: z.literal('keepTemplate'),
  agent: z.string(),
  template: payloadTemplate.nullable(),
}) satisfies z.ZodType<TemplateRequest>;

/** Handlers of these requests. */
export function templateHandlers(
  { state, change }: HandlerContext,
  templates: TemplateStore,
): MessageHandlers<TemplateRequest> {
  return {
    keepTemplate({ agent, template }) {
      change({ type: 'template', agent, template });
      templates.keep(state().templates);
    },
  };
}
