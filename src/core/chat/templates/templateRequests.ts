import type { TemplateRequest } from '../../../shared/schemas/viewMessage.ts';
import type { HandlerContext, MessageHandlers } from '../handlers.ts';
import type { TemplateStore } from './templateStore.ts';

/** Handlers of requests about payload templates. */
export function templateHandlers(
  { state, change }: HandlerContext,
  templates: TemplateStore,
): MessageHandlers<TemplateRequest> {
  return {
    saveTemplate({ agent, template }) {
      change({ type: 'template', agent, template });
      templates.save(state().templates);
    },
  };
}
