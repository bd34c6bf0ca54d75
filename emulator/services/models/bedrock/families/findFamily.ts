import { ModelError } from '../../modelError.ts';
import { cohereEmbedding, cohereEmbeddingV4 } from './cohereEmbedding.ts';
import { llama } from './llama.ts';
import { mistral } from './mistral.ts';
import type { ModelBody } from './modelBody.ts';
import type { ModelFamily } from './modelFamily.ts';
import { nova } from './nova.ts';
import { titanEmbedding, titanEmbeddingV2 } from './titanEmbedding.ts';
import { titanText } from './titanText.ts';

/** Families by the beginning of their models' names, the first match first. */
const FAMILIES: readonly (readonly [name: string, family: ModelFamily])[] = [
  ['amazon.nova', nova],
  ['amazon.titan-embed-text-v2', titanEmbeddingV2],
  ['amazon.titan-embed-text', titanEmbedding],
  ['amazon.titan-embed-g1-text', titanEmbedding],
  ['amazon.titan-text', titanText],
  ['amazon.titan-tg1', titanText],
  ['cohere.embed-v4', cohereEmbeddingV4],
  ['cohere.embed', cohereEmbedding],
  ['meta.llama', llama],
  ['mistral.mistral-7b', mistral],
  ['mistral.mixtral', mistral],
];

/** A key of the body by which a family's models are known that have no name in their ARN. */
const FAMILY_KEYS: readonly (readonly [key: string, family: ModelFamily])[] = [
  ['schemaVersion', nova],
];

/** Models whose ARN does not contain the name of the model. */
const IS_UNNAMED =
  /:(?:application-inference-profile|provisioned-model|imported-model|custom-model-deployment)\//;

/**
 * Finds the family of a model by its ID, the ID of its inference profile, or an ARN of either. A body's
 * own keys decide for ARNs that do not name their model.
 */
export function findFamily(model: string, body: ModelBody): ModelFamily | undefined {
  const found = IS_UNNAMED.test(model)
    ? FAMILY_KEYS.find(([key]) => key in body)
    : FAMILIES.find(([name]) => isNamed(model, name));
  return found?.[1];
}

/** Finds the family of a model, or throws an error that names those that are emulated. */
export function requireFamily(model: string, body: ModelBody): ModelFamily {
  const family = findFamily(model, body);
  if (family) return family;
  const known = IS_UNNAMED.test(model)
    ? `its ARN does not name the model, and its body has none of ${FAMILY_KEYS.map(([key]) => key).join(', ')}`
    : `emulated are models whose ID begins with ${FAMILIES.map(([name]) => name).join(', ')}`;
  throw new ModelError(
    'notEmulated',
    `The body of ${model} is not emulated: ${known}. Converse works with all models.`,
  );
}

/** The name may follow a Region group, as in `us.amazon.nova-pro-v1:0`, or the path of an ARN. */
function isNamed(model: string, name: string): boolean {
  const start = model.indexOf(name);
  return start === 0 || (start > 0 && /[./]/.test(model[start - 1]!));
}
