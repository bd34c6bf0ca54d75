import type { JSX, RefObject } from 'preact';
import { useMemo } from 'preact/hooks';
import type { PerLane, Round } from '../../src/shared/chat/comparison.ts';
import type { ComparisonViewMessage } from '../../src/shared/schemas/comparisonMessage.ts';
import type { UnsentPrompt } from '../../src/shared/chat/hostMessage.ts';
import { takesAttachments } from '../../src/shared/chat/state.ts';
import { attachmentOptions } from '../attachments/useFiles.ts';
import { buildPayload } from '../composer/buildPayload.ts';
import type { SlashCommand } from '../composer/commands.ts';
import { Composer, type Draft } from '../composer/composer.tsx';
import { recallablePrompts } from '../composer/history.ts';
import type { ChatViewModel } from '../viewModel.ts';

/** Composer that sends to both agents. */
export function ComparisonComposer({
  textarea,
  viewModels: { left, right },
  round,
  canSend,
  start,
  unsent,
  onDraft,
  onSend,
  onNew,
  post,
}: {
  readonly textarea: RefObject<HTMLTextAreaElement | null>;
  readonly viewModels: PerLane<ChatViewModel>;
  /** The latest round; undefined before the first. */
  readonly round: Round | undefined;
  readonly canSend: boolean;
  readonly start: Draft;
  readonly unsent: UnsentPrompt | null;
  readonly onDraft: (draft: Partial<Draft>) => void;
  readonly onSend: (prompt: string, isPayload: boolean) => void;
  readonly onNew: () => void;
  readonly post: (message: ComparisonViewMessage) => void;
}): JSX.Element {
  const { canAct, chat, template } = left;
  const prompts = useMemo(() => recallablePrompts(chat.turns), [chat.turns]);
  const runs = left.running !== null || right.running !== null;
  const stop = () => post({ type: 'stopBoth' });
  const canCancel = [left, right].some((lane) => lane.running && lane.template?.cancel != null);
  const commands: readonly SlashCommand[] = [
    {
      name: 'new',
      title: 'Start a new comparison',
      unavailableReason: round ? null : 'Send a message first.',
      run: onNew,
    },
    {
      name: 'stop',
      title: 'Stop both answers',
      unavailableReason: runs ? null : 'No answer is streaming.',
      run: stop,
    },
  ];

  return (
    <Composer
      textarea={textarea}
      agentName="both"
      start={start}
      unsent={unsent}
      prompts={prompts}
      commands={canAct ? commands : []}
      payload={
        template && right.template
          ? {
              build: (input) => buildPayload(template, chat, input),
              template: null,
            }
          : null
      }
      attach={
        canAct && takesAttachments(chat) && takesAttachments(right.chat)
          ? attachmentOptions(chat, post)
          : null
      }
      canSend={canSend}
      onDraft={onDraft}
      onSend={onSend}
      stopActions={
        runs && canAct
          ? {
              turn: round?.left ?? '',
              stop,
              // Each lane has its own button, above its answers.
              settle: null,
              cancelWork: canCancel ? () => post({ type: 'cancelWork' }) : null,
            }
          : null
      }
    />
  );
}
