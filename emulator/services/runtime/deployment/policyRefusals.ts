import { invalid, type WireError } from '../../../wire/errors.ts';

/** The elements of a statement that AWS checks first, as they are written. */
interface WrittenStatement {
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
}

/** Throws for a resource policy that AWS rejects in words of its own, which clients match. */
export function refuseAsAws(text: string, resource: string): void {
  let document: { readonly Statement?: WrittenStatement | readonly WrittenStatement[] } | null;
  try {
    document = JSON.parse(text) as typeof document;
  } catch (error) {
    throw refusal('This policy contains invalid Json', (error as Error).message);
  }
  const statements = [document?.Statement ?? []].flat();
  if (statements.length === 0) throw refusal('Policy has no statements', 'Add a Statement.');
  for (const [index, { Principal, Action, Resource }] of statements.entries()) {
    const position = `See statement ${index + 1}.`;
    if (Principal === undefined) throw refusal('Missing required field Principal', position);
    const foreign = [Action].flat().find(isOfAnotherService);
    if (foreign !== undefined) {
      throw refusal('Policy has invalid action', `${JSON.stringify(foreign)}. ${position}`);
    }
    if (Resource !== resource) {
      throw refusal(
        'Policy statement block must contain exactly one resource ARN that matches the provided resource ARN',
        `Use "Resource": "${resource}". ${position}`,
      );
    }
  }
}

function refusal(sentence: string, explanation: string): WireError {
  return invalid(`${sentence}. ${explanation}`);
}

function isOfAnotherService(action: unknown): boolean {
  const [, service] = (typeof action === 'string' && /^([^:*?]+):/.exec(action)) || [];
  return service !== undefined && service.toLowerCase() !== 'bedrock-agentcore';
}
