import type { Part } from '../../../shared/chat/answer.ts';
import type { Turn } from '../../../shared/chat/turn.ts';
import type { Conversation } from './conversations.ts';

/** A conversation as a document for people. */
export function toMarkdown({ head, turns }: Conversation): string {
  const { title, agentName, actorId, sessionId, createdAt } = head;
  const about = [
    `- Agent: ${agentName}`,
    `- Session: \`${sessionId}\``,
    ...(actorId === null ? [] : [`- Actor: \`${actorId}\``]),
    `- Begun: ${new Date(createdAt).toISOString()}`,
  ];
  const blocks = [
    `# ${onOneLine(title)}`,
    about.join('\n'),
    ...turns.flatMap((turn) => turnBlocks(turn, agentName)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function turnBlocks(
  { opening, isUnasked, prompt, parts, outcome }: Turn,
  agentName: string,
): string[] {
  return [
    ...(opening ? [`---`, `*A new session begins here (${opening.why}).*`] : []),
    ...(isUnasked ? [] : ['## You', prompt]),
    `## ${onOneLine(agentName)}`,
    ...parts.map(partBlock),
    ...(outcome?.type === 'cancelled' ? ['*Stopped.*'] : []),
    ...(outcome?.type === 'failed'
      ? [`**${outcome.failure.name}**`, fenced(outcome.failure.message)]
      : []),
  ];
}

function partBlock(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'data':
      return fenced(part.json);
    case 'notice':
      return `*${onOneLine(part.text)}*`;
    case 'thinking':
      return quoted('Thinking', part.text);
    case 'guardrail':
      return quoted('Guardrail', part.text);
    case 'tool': {
      const { name, input, result } = part;
      const told = result && `${result.failed ? 'failed' : 'gave'}:\n\n${fenced(result.text)}`;
      return [`**Tool** \`${name}\``, fenced(input), ...(told ? [told] : [])].join('\n\n');
    }
  }
}

function quoted(title: string, text: string): string {
  return `> *${title}*\n>\n${text.replace(/^/gm, '> ')}`;
}

/** In a fence that is longer than any that it holds. */
function fenced(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
