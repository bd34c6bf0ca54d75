import { MODEL_SPEC_FORM, parseModelSpec, type ModelSpec } from '../../../src/shared/modelSpec.ts';
import { OptionError } from '../../optionError.ts';
import type { ServiceContext } from '../../service.ts';
import { openTextModel } from '../../serviceFolds.ts';
import type { TextModel } from '../../textModel.ts';

/** The models of memory. Without one, rules extract records and words rank them. */
export interface MemoryModels {
  readonly extraction?: TextModel | undefined;
  readonly embeddings?: TextModel | undefined;
}

/** Returns the models that the options name. Their backends open with the first call. */
export function openMemoryModels({
  options: { memoryModel, memoryEmbeddings },
  services,
}: Pick<ServiceContext, 'options' | 'services'>): MemoryModels {
  if (memoryModel !== undefined) checkExtraction(readSpec('memoryModel', memoryModel));
  if (memoryEmbeddings !== undefined)
    checkEmbeddings(readSpec('memoryEmbeddings', memoryEmbeddings));
  const open = (name: string | undefined) =>
    name === undefined ? undefined : openTextModel(services, name);
  return { extraction: open(memoryModel), embeddings: open(memoryEmbeddings) };
}

function readSpec(option: string, name: string): ModelSpec {
  const spec = parseModelSpec(name);
  if (spec) return spec;
  throw new OptionError(option, `'${name}' is not a model. Use ${MODEL_SPEC_FORM}`);
}

function checkExtraction(spec: ModelSpec): void {
  if (spec.kind !== 'offline') return;
  throw new OptionError(
    'memoryModel',
    'the offline model does not understand text. Omit the option to extract with the built-in rules',
  );
}

function checkEmbeddings(spec: ModelSpec): void {
  const source = spec.kind === 'record' ? parseModelSpec(spec.from)! : spec;
  if (source.kind === 'anthropic') {
    throw new OptionError(
      'memoryEmbeddings',
      'Anthropic has no embeddings. Use another provider, such as bedrock:amazon.titan-embed-text-v2:0',
    );
  }
  if ('model' in source && source.model === null) {
    const example =
      source.kind === 'openai' ? `openai:${source.url}#MODEL` : `${source.kind}:MODEL`;
    throw new OptionError('memoryEmbeddings', `name the embedding model, as in ${example}`);
  }
}
