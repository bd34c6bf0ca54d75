import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import { asMembers, asString, readMembers, type JsonMembers } from '../json.ts';
import { prettyJson, resultText } from '../text.ts';
import { bedrockUsage } from './converse.ts';
import type { CreateDialect } from './dialect.ts';

/** Parts without content for the user. */
const SILENT = new Set(
  `start start-step reset-step text-start text-end reasoning-start reasoning-end tool-input-end
  tool-approval-response message-metadata`.split(/\s+/),
);

/** Vercel's AI SDK: a UI message stream, or the parts of `fullStream`. */
export const createAiSdk: CreateDialect = ({ tools, usageTotal }) => {
  function readCall(part: JsonMembers): StreamEvent[] {
    const name = asString(part['toolName']) ?? 'tool';
    return tools.addUse(readId(part), name, part['input'] ?? part['args']);
  }

  function readResult(part: JsonMembers, text: string, failed: boolean): StreamEvent[] {
    return tools.addResult(readId(part), { text, failed }, asString(part['toolName']) ?? undefined);
  }

  function readFinish(part: JsonMembers): StreamEvent[] {
    const { finishReason, messageMetadata, totalUsage } = part;
    const usage = bedrockUsage(totalUsage ?? readMembers(messageMetadata)['usage']);
    return [
      ...(finishReason === 'content-filter'
        ? [{ type: 'guardrail', text: 'The content was filtered.' } as const]
        : []),
      ...(Object.keys(usage).length > 0 ? usageTotal.setTotal(usage) : []),
      END_OF_ANSWER,
    ];
  }

  return {
    read(value) {
      const part = asMembers(value);
      const type = asString(part?.['type']);
      if (part === null || type === null) return null;
      switch (type) {
        case 'text-delta':
          return contentEvents('text', part);
        case 'reasoning-delta':
          return contentEvents('thinking', part);
        case 'tool-input-start':
          return tools.start(readId(part), asString(part['toolName']) ?? 'tool');
        case 'tool-input-delta':
          return tools.appendInput(readId(part), readPiece(part));
        case 'tool-input-available':
        case 'tool-call':
          return readCall(part);
        case 'tool-input-error':
          return [...readCall(part), ...readResult(part, errorMessage(part), true)];
        case 'tool-output-available':
        case 'tool-result': {
          // A later result replaces it.
          if (part['preliminary'] === true) return [];
          return readResult(part, resultText(part['output'] ?? part['result']), false);
        }
        case 'tool-output-error':
        case 'tool-error':
          return readResult(part, errorMessage(part), true);
        case 'tool-output-denied':
          return readResult(part, 'The use of the tool was denied.', true);
        case 'tool-approval-request':
          return [{ type: 'notice', text: 'The agent is waiting for approval of a tool use.' }];
        case 'file':
        case 'reasoning-file': {
          const { mediaType, file } = part;
          const kind = asString(mediaType) ?? asString(readMembers(file)['mediaType']) ?? 'a file';
          return [{ type: 'notice', text: `The agent sent ${kind}, which is not shown.` }];
        }
        case 'finish-step':
          return usageTotal.addCall(bedrockUsage(part['usage']));
        case 'finish':
          return readFinish(part);
        case 'abort':
          return [{ type: 'notice', text: 'The agent aborted its answer.' }];
        case 'error': {
          const message = asString(part['errorText']);
          return message === null
            ? null
            : [{ type: 'failure', failure: { name: 'Error in the stream', message } }];
        }
        default:
          return SILENT.has(type) ? [] : null;
      }
    },
  };
};

function readId(part: JsonMembers): string {
  return asString(part['toolCallId']) ?? asString(part['id']) ?? '';
}

function readPiece(part: JsonMembers): string {
  const { delta, text, textDelta, inputTextDelta } = part;
  return asString(delta) ?? asString(text) ?? asString(textDelta) ?? asString(inputTextDelta) ?? '';
}

function contentEvents(type: 'text' | 'thinking', part: JsonMembers): StreamEvent[] {
  const text = readPiece(part);
  return text === '' ? [] : [{ type, text }];
}

// An Error becomes an empty object in JSON.
function errorMessage({ errorText, error }: JsonMembers): string {
  const message = asString(errorText) ?? asString(error) ?? asString(readMembers(error)['message']);
  return (
    message ?? (Object.keys(readMembers(error)).length > 0 ? prettyJson(error) : 'The tool failed.')
  );
}
