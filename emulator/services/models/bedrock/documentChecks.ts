import type { Message } from '@aws-sdk/client-bedrock-runtime';
import { ModelError } from '../modelError.ts';

const MAX_DOCUMENTS = 5;

/** AWS also accepts underscores, which its error does not mention. */
const DOCUMENT_NAME = /^[\w \-()[\]]*$/;

/** Checks the documents of a conversation, with AWS's errors. */
export function checkDocuments(messages: readonly Message[]): void {
  const names: string[] = [];
  for (const { role, content = [] } of messages) {
    const documents = content.flatMap(({ document }) => document ?? []);
    if (documents.length === 0) continue;
    if (role === 'user' && !content.some(({ text }) => text !== undefined)) {
      throw new ModelError('invalid', 'A text block must be included when using documents.');
    }
    names.push(...documents.map(({ name = '' }) => name));
  }
  if (names.some((name) => !DOCUMENT_NAME.test(name) || name.includes('  '))) {
    throw new ModelError(
      'invalid',
      "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character. Check that the file name conforms to these restrictions and retry your request.",
    );
  }
  if (new Set(names).size < names.length) {
    throw new ModelError('invalid', "Messages can't contain duplicate document names.");
  }
  if (names.length > MAX_DOCUMENTS) {
    throw new ModelError(
      'invalid',
      `You can't include more than ${MAX_DOCUMENTS} documents in a request.`,
    );
  }
}
