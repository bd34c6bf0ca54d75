import { formatSize } from '../../../shared/formatSize.ts';
import type { Part } from '../../../shared/chat/answer.ts';
import { describeModelCalls } from '../../../shared/chat/modelCalls.ts';
import type { Turn } from '../../../shared/chat/turn.ts';
import { promptWithSelections } from '../attachments/promptText.ts';
import { fenceCode } from '../fence.ts';
import type { Conversation } from './conversationStore.ts';

/** Formats a conversation as a readable document. */
export function toMarkdown({ head, turns }: Conversation): string {
  const { title, agentName, actorId, sessionId, createdAt } = head;
  const about = [
    `- Agent: ${agentName}`,
    `- Session: \`${sessionId}\``,
    ...(actorId === null ? [] : [`- Actor: \`${actorId}\``]),
    `- Started: ${new Date(createdAt).toISOString()}`,
  ];
  const blocks = [
    `# ${onOneLine(title)}`,
    about.join('\n'),
    ...turns.flatMap((turn) => turnBlocks(turn, agentName)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function turnBlocks(turn: Turn, agentName: string): string[] {
  const { opening, isUnprompted, parts, waitingTask, outcome, modelCalls } = turn;
  return [
    ...(opening ? [`---`, `*A new session begins here (${opening.why}).*`] : []),
    ...(isUnprompted ? [] : ['## You', ...promptBlocks(turn)]),
    `## ${onOneLine(agentName)}`,
    ...parts.map(partBlock),
    ...(waitingTask ? ['*Waiting for an answer.*'] : []),
    ...(outcome?.type === 'canceled' ? ['*Stopped.*'] : []),
    ...(outcome?.type === 'failed'
      ? [`**${outcome.failure.name}**`, fenceCode(outcome.failure.message)]
      : []),
    ...(modelCalls ? [`*${describeModelCalls(modelCalls).join(' · ')}*`] : []),
  ];
}

function promptBlocks({ isPayload, prompt, attachments = [] }: Turn): string[] {
  if (isPayload) return [fenceCode(prompt, 'json')];
  const files = attachments.flatMap((one) =>
    one.type === 'selection'
      ? []
      : [`- ${onOneLine(one.name)} (${one.mediaType || one.type}, ${formatSize(one.size)})`],
  );
  const words = promptWithSelections({ prompt, attachments });
  return files.length === 0 ? [words] : [words, `Attached:\n\n${files.join('\n')}`];
}

function partBlock(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'data':
      return fenceCode(part.json);
    case 'notice':
      return `*${onOneLine(part.text)}*`;
    case 'thinking':
      return quoted('Thinking', part.text);
    case 'guardrail':
      return quoted('Guardrail', part.text);
    case 'tool': {
      const { name, input, result } = part;
      const output =
        result && `${result.failed ? 'Failed' : 'Result'}:\n\n${fenceCode(result.text)}`;
      return [`**Tool** \`${name}\``, fenceCode(input), ...(output ? [output] : [])].join('\n\n');
    }
  }
}

function quoted(title: string, text: string): string {
  return `> *${title}*\n>\n${text.replace(/^/gm, '> ')}`;
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
