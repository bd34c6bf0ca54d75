import { describeHiddenFields } from '../shared/chat/answer.ts';
import type { ContentEvent } from '../core/invocation/answer.ts';

const LONGEST_LINE = 200;

/** Describes the parts of an answer other than text: one line for each tool, guardrail and notice. */
export interface ToolProgress {
  formatLines(event: ContentEvent): string[];
  /** Lines for the tools that reported no result. */
  unfinished(): string[];
}

/** Reports a tool when its result arrives. The model's thinking is left out. */
export function createToolProgress(): ToolProgress {
  const tools = new Map<string, { readonly name: string; input: string }>();

  return {
    formatLines(event) {
      switch (event.type) {
        case 'tool':
          tools.set(event.id, { name: event.name, input: '' });
          return [];
        case 'toolInput':
          tools.get(event.id)!.input += event.json;
          return [];
        case 'toolResult': {
          const { name, input } = tools.get(event.id)!;
          tools.delete(event.id);
          const { text, failed } = event.result;
          return [onOneLine(`${name} ${input} ${failed ? 'failed:' : '→'} ${text}`)];
        }
        case 'guardrail':
        case 'notice':
          return [event.text];
        case 'waiting':
          return event.task ? [`Task ${event.task.id} is waiting for input.`] : [];
        case 'data':
          return event.leftOut === undefined
            ? []
            : [`${describeHiddenFields(event.leftOut)}. Print the whole answer with --raw.`];
        case 'text':
        case 'thinking':
        case 'usage':
        case 'failure':
          return [];
      }
    },
    unfinished: () => [...tools.values()].map(({ name, input }) => onOneLine(`${name} ${input}`)),
  };
}

function onOneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}…`;
}
