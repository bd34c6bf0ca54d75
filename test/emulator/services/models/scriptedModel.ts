import type { ModelBackend } from '../../../../emulator/services/models/modelBackend.ts';
import {
  createModelCalls,
  type ModelCalls,
} from '../../../../emulator/services/models/modelCalls.ts';
import type { ModelEvent } from '../../../../emulator/services/models/modelEvent.ts';
import type { ModelRequest } from '../../../../emulator/services/models/modelRequest.ts';

/** The events of a reply. An error is thrown. */
export type ScriptedTurn = readonly (ModelEvent | Error)[];

/** Creates a model that plays one turn in each call, and then the last one again. */
export function createScriptedModel(
  turns: readonly ScriptedTurn[],
  backend: Partial<ModelBackend>,
): { readonly calls: ModelCalls; readonly requests: readonly ModelRequest[] } {
  const requests: ModelRequest[] = [];
  const scripted: ModelBackend = {
    async *invoke(request) {
      requests.push(request);
      const turn = turns[Math.min(requests.length, turns.length) - 1]!;
      for (const event of turn) {
        if (event instanceof Error) throw event;
        yield event;
      }
    },
    async countTokens(request) {
      requests.push(request);
      return 42;
    },
    embed: async () => ({ vectors: [], inputTokens: 0 }),
    ...backend,
  };
  const selected = { name: 'test', backend: scripted, model: null, isCharged: false };
  const calls = createModelCalls({ nameFor: () => selected.name, select: async () => selected });
  return { calls, requests };
}
