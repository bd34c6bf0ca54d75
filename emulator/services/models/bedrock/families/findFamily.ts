import { ModelError } from '../../modelError.ts';
import type { ModelBody } from './modelBody.ts';
import type { ModelFamily } from './modelFamily.ts';

/** Loads a family with its first request, because the emulator starts without any. */
type LoadFamily = () => Promise<ModelFamily>;

const anthropic: LoadFamily = async () => (await import('./anthropic.ts')).anthropic;
const nova: LoadFamily = async () => (await import('./nova.ts')).nova;
const titanText: LoadFamily = async () => (await import('./titanText.ts')).titanText;
const titanEmbedding: LoadFamily = async () => (await import('./titanEmbedding.ts')).titanEmbedding;
const titanEmbeddingV2: LoadFamily = async () =>
  (await import('./titanEmbedding.ts')).titanEmbeddingV2;
const cohere: LoadFamily = async () => (await import('./cohereEmbedding.ts')).cohereEmbedding;
const cohereV4: LoadFamily = async () => (await import('./cohereEmbedding.ts')).cohereEmbeddingV4;
const llama: LoadFamily = async () => (await import('./llama.ts')).llama;
const mistral: LoadFamily = async () => (await import('./mistral.ts')).mistral;
const chat: LoadFamily = async () => (await import('./chatCompletions.ts')).chatCompletions;

/** Families by the beginning of their models' names, the first match first. */
const FAMILIES: readonly (readonly [name: string, load: LoadFamily])[] = [
  ['anthropic.claude', anthropic],
  ['amazon.nova', nova],
  ['amazon.titan-embed-text-v2', titanEmbeddingV2],
  ['amazon.titan-embed-text', titanEmbedding],
  ['amazon.titan-embed-g1-text', titanEmbedding],
  ['amazon.titan-text', titanText],
  ['amazon.titan-tg1', titanText],
  ['cohere.embed-v4', cohereV4],
  ['cohere.embed', cohere],
  ['meta.llama', llama],
  ['mistral.mistral', mistral],
  ['mistral.mixtral', mistral],
  ['openai.gpt', chat],
  ['qwen.qwen', chat],
  ['deepseek.v3', chat],
];

/** A body key that identifies a family if the ARN does not name the model. */
const FAMILY_KEYS: readonly (readonly [key: string, load: LoadFamily])[] = [
  ['anthropic_version', anthropic],
  ['schemaVersion', nova],
];

/** Models whose ARN does not contain the name of the model. */
const IS_UNNAMED =
  /:(?:application-inference-profile|provisioned-model|imported-model|custom-model-deployment)\//;

/**
 * Finds the family of a model by its ID, the ID of its inference profile, or an ARN of either. A body's
 * own keys decide for ARNs that do not name their model.
 */
export async function findFamily(model: string, body: ModelBody): Promise<ModelFamily | undefined> {
  const found = IS_UNNAMED.test(model)
    ? FAMILY_KEYS.find(([key]) => key in body)
    : FAMILIES.find(([name]) => isNamed(model, name));
  return found?.[1]();
}

/** Finds the family of a model. Throws an error that lists the emulated families. */
export async function requireFamily(model: string, body: ModelBody): Promise<ModelFamily> {
  const family = await findFamily(model, body);
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
