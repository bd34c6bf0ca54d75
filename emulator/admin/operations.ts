import type { Instance } from '../services/runtime/instance.ts';
import { operations } from '../wire/operations.ts';
import type { Emulations } from '../wire/wire.ts';
import type { AnswerOf } from './routes.ts';

/** Each operation of AgentCore with our status for it. */
export function listOperations(
  emulations: Emulations<Instance | null>,
): AnswerOf<'operations'>['operations'] {
  return [...operations.values()].map(({ name, plane, method, template }) => {
    const emulation = emulations[name];
    const lacks = emulation?.lacks ?? null;
    const status = !emulation ? 'not' : lacks === null ? 'emulated' : 'partly';
    return { name, plane, method, path: template, status, lacks };
  });
}
