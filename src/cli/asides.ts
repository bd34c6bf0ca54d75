import { moreFields } from '../shared/chat/answer.ts';
import type { ToldEvent } from '../core/invocation/answer.ts';

/** How long the line of a tool may be. */
const LONGEST = 200;

/** Says what an agent does beside its words, a line each. */
export interface Asides {
  of(event: ToldEvent): string[];
  /** The tools of which no end was told. */
  end(): string[];
}

/** Tools when they are done, guardrails and notices; what a model thinks is nobody's on a terminal. */
export function createAsides(): Asides {
  const tools = new Map<string, { readonly name: string; input: string }>();

  return {
    of(event) {
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
          return event.task ? [`Task ${event.task.id} waits for an answer`] : [];
        case 'data':
          return event.leftOut === undefined
            ? []
            : [`${moreFields(event.leftOut)}, which --raw prints too`];
        case 'text':
        case 'thinking':
        case 'usage':
        case 'failure':
          return [];
      }
    },
    end: () => [...tools.values()].map(({ name, input }) => onOneLine(`${name} ${input}`)),
  };
}

function onOneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`;
}
