import { MODEL_SPEC_FORM, parseModelSpec } from '../shared/modelSpec.ts';
import type { ValueType } from './optionValues.ts';

/** The backend of model calls, for all agents or for one. */
export interface ModelChoice {
  readonly agent: string | null;
  readonly model: string;
}

export const modelChoice: ValueType<ModelChoice> = {
  expected: `${MODEL_SPEC_FORM}, or one of these after AGENT=`,
  parse(written) {
    const [, agent = null, model = ''] = /^(?:([A-Za-z]\w*)=)?(.*)$/s.exec(written) ?? [];
    return parseModelSpec(model) && { agent, model };
  },
};

/** The backend of memory's own model calls. */
export const modelName: ValueType<string> = {
  expected: MODEL_SPEC_FORM,
  parse: (written) => parseModelSpec(written) && written,
};
