import * as z from 'zod';
import { MODEL_SPEC_FORM } from '../../../src/shared/modelSpec.ts';
import {
  MAX_LATENCY,
  MIN_TOKENS_PER_SECOND,
  OFFLINE_FAULTS,
} from '../../../src/shared/offlineModel.ts';
import { adminAnswers } from '../../../src/shared/schemas/adminApi.ts';
import { jsonRoute, type AdminRoutes } from '../../admin/adminRoute.ts';
import { invalid } from '../../wire/errors.ts';
import { ModelError } from './modelError.ts';
import type { ChoiceScope, ModelSelection } from './modelSelection.ts';
import { listOllamaModels } from './upstream/ollamaModels.ts';
import type { OfflineSettings } from './offline/offlineSettings.ts';

const choice = z.strictObject({
  model: z.string().nullable().describe(`${MODEL_SPEC_FORM}; null removes the choice`),
  agent: z.string().optional().describe('the choice applies to the sessions of this agent'),
  session: z.strictObject({ runtimeId: z.string(), sessionId: z.string() }).optional(),
});

const offlineChange = z.strictObject({
  latency: z.number().min(0).max(MAX_LATENCY).exactOptional().describe('milliseconds'),
  tokensPerSecond: z
    .number()
    .min(MIN_TOKENS_PER_SECOND)
    .nullable()
    .exactOptional()
    .describe('null sends replies at once'),
  fault: z
    .enum(OFFLINE_FAULTS, `Use ${OFFLINE_FAULTS.join(', ')}, or null for none`)
    .nullable()
    .exactOptional(),
});

/** Creates the admin routes of models: the chosen backends, and the offline model's settings. */
export function createModelRoutes(
  selection: ModelSelection,
  offline: OfflineSettings,
): AdminRoutes {
  return {
    models: jsonRoute({
      method: 'get',
      path: '/models',
      summary: 'The model backends of all agents, individual agents and individual sessions',
      answer: adminAnswers.models,
      handle: () => selection.read(),
    }),
    chooseModel: jsonRoute({
      method: 'post',
      path: '/models',
      summary:
        'Chooses the model backend of a session, of an agent, or of all agents. Applies to the next call',
      body: choice,
      answer: adminAnswers.models,
      async handle({ body }) {
        try {
          await selection.choose(scopeOf(body), body.model);
        } catch (error) {
          if (error instanceof ModelError) throw invalid(`model: ${error.message}`);
          throw error;
        }
        return selection.read();
      },
    }),
    ollamaModels: jsonRoute({
      method: 'get',
      path: '/models/ollama',
      summary: 'The models of the running Ollama; none if it does not answer',
      answer: adminAnswers.ollamaModels,
      handle: async () => ({ models: await listOllamaModels(process.env) }),
    }),
    offlineModel: jsonRoute({
      method: 'get',
      path: '/models/offline',
      summary: 'The delays and the fault of the offline model',
      answer: adminAnswers.offlineModel,
      handle: offline.read,
    }),
    changeOfflineModel: jsonRoute({
      method: 'post',
      path: '/models/offline',
      summary:
        'Changes the delays or the fault of the offline model. Applies to the next call. A script’s own settings take precedence',
      body: offlineChange,
      answer: adminAnswers.offlineModel,
      handle({ body }) {
        offline.change(body);
        return offline.read();
      },
    }),
  };
}

function scopeOf({ agent, session }: z.output<typeof choice>): ChoiceScope {
  if (agent !== undefined && session) {
    throw invalid('agent: cannot be combined with session. Send one of them.');
  }
  if (session) return { type: 'session', ...session };
  return agent === undefined ? { type: 'default' } : { type: 'agent', agent };
}
