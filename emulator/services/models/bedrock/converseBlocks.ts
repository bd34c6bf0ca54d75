import type {
  ContentBlock as ConverseBlock,
  DocumentBlock,
  GuardrailConverseContentBlock,
  SearchResultBlock,
  SystemContentBlock,
  ToolResultContentBlock,
} from '@aws-sdk/client-bedrock-runtime';
import { ModelError } from '../modelError.ts';
import type { ContentBlock, MediaBlock, SystemBlock, ToolResultBlock } from '../modelRequest.ts';
import { mediaType } from './mediaType.ts';

type ResultContent = ToolResultBlock['content'][number];

/** In Converse, a cache point is a separate block. Here, it is a property of the block before it. */
export function readWithCachePoints<
  Block extends { readonly cachePoint?: unknown },
  Result extends object,
>(blocks: readonly Block[], read: (block: Block, index: number) => readonly Result[]): Result[] {
  const results: Result[] = [];
  for (const [index, block] of blocks.entries()) {
    const last = results.at(-1);
    if (!block.cachePoint) results.push(...read(block, index));
    else if (last) Object.assign(last, { cachePoint: true });
  }
  return results;
}

/** Translates the blocks of a system prompt. */
export function readSystem(blocks: readonly SystemContentBlock[]): SystemBlock[] {
  return readWithCachePoints(blocks, (block, index) => {
    const text = block.text ?? block.guardContent?.text?.text;
    if (text === undefined) throw unsupported(`system.${index}`, block);
    return [{ text }];
  });
}

/** Translates the content of a message. `path` is its place in the request. */
export function readContent(blocks: readonly ConverseBlock[], path: string): ContentBlock[] {
  return readWithCachePoints(blocks, (block, index) => readBlock(block, `${path}.${index}`));
}

function readBlock(block: ConverseBlock, path: string): ContentBlock[] {
  if (block.toolUse) {
    const { toolUseId = '', name = '', input } = block.toolUse;
    return [{ type: 'toolUse', id: toolUseId, name, input }];
  }
  if (block.toolResult) {
    const { toolUseId = '', content = [], status } = block.toolResult;
    return [
      {
        type: 'toolResult',
        id: toolUseId,
        content: content.flatMap((item, index) =>
          readResultContent(item, `${path}.toolResult.content.${index}`),
        ),
        isError: status === 'error',
      },
    ];
  }
  if (block.reasoningContent?.reasoningText) {
    const { text = '', signature = null } = block.reasoningContent.reasoningText;
    return [{ type: 'reasoning', text, signature }];
  }
  if (block.reasoningContent?.redactedContent) {
    const data = Buffer.from(block.reasoningContent.redactedContent).toString('base64');
    return [{ type: 'redactedReasoning', data }];
  }
  if (block.guardContent) return [readGuarded(block.guardContent, path)];
  // The citations of an earlier reply are not needed to continue it; its text is.
  if (block.citationsContent) {
    const texts = block.citationsContent.content ?? [];
    return [{ type: 'text', text: texts.map(({ text = '' }) => text).join('') }];
  }
  return readResultContent(block, path);
}

function readGuarded(block: GuardrailConverseContentBlock, path: string): ContentBlock {
  if (block.text?.text !== undefined) return { type: 'text', text: block.text.text };
  const { format, source } = block.image ?? {};
  if (!source?.bytes) throw unsupported(path, block);
  return createMedia('image', format, { type: 'bytes', bytes: source.bytes });
}

function readResultContent(
  block: ConverseBlock | ToolResultContentBlock,
  path: string,
): ResultContent[] {
  if (block.text !== undefined) return [{ type: 'text', text: block.text }];
  if ('json' in block && block.json !== undefined) {
    return [{ type: 'text', text: JSON.stringify(block.json) }];
  }
  if (block.searchResult) return [{ type: 'text', text: searchResultText(block.searchResult) }];
  if (block.document) return readDocument(block.document, path);
  for (const kind of ['image', 'video', 'audio'] as const) {
    const media = kind === 'audio' ? ('audio' in block ? block.audio : undefined) : block[kind];
    if (!media) continue;
    const { bytes, s3Location } = media.source ?? {};
    if (bytes) return [createMedia(kind, media.format, { type: 'bytes', bytes })];
    if (s3Location?.uri) {
      return [createMedia(kind, media.format, { type: 'url', url: s3Location.uri })];
    }
  }
  throw unsupported(path, block);
}

function readDocument({ format, name, source, context }: DocumentBlock, path: string) {
  const blocks: ResultContent[] = context === undefined ? [] : [{ type: 'text', text: context }];
  const text = source?.text ?? source?.content?.map(({ text = '' }) => text).join('\n');
  if (text !== undefined) {
    const bytes = Buffer.from(text);
    blocks.push(createMedia('document', format ?? 'txt', { type: 'bytes', bytes }, name));
  } else if (source?.bytes) {
    blocks.push(createMedia('document', format, { type: 'bytes', bytes: source.bytes }, name));
  } else if (source?.s3Location?.uri) {
    const { uri: url } = source.s3Location;
    blocks.push(createMedia('document', format, { type: 'url', url }, name));
  } else throw unsupported(`${path}.document.source`, source ?? {});
  return blocks;
}

function createMedia(
  kind: MediaBlock['kind'],
  format: string | undefined,
  source: MediaBlock['source'],
  name?: string,
): MediaBlock {
  const mimeType = format === undefined ? null : mediaType(kind, format);
  return { type: 'media', kind, mimeType, source, ...(name !== undefined && { name }) };
}

function searchResultText({ title, source, content = [] }: SearchResultBlock): string {
  return [title, source, ...content.map(({ text = '' }) => text)].join('\n');
}

function unsupported(path: string, block: object): ModelError {
  const members = Object.keys(block).join(', ') || 'nothing';
  return new ModelError('notEmulated', `${path}: a block with ${members} is not emulated.`);
}
