import type { JSX, RefObject } from 'preact';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { UnsentPrompt } from '../../src/shared/chat/hostMessage.ts';
import { takesAttachments } from '../../src/shared/chat/state.ts';
import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';
import { DEFAULT_TEMPLATE } from '../../src/shared/payloadTemplate.ts';
import type { ChatViewModel } from '../viewModel.ts';
import type { Panels } from '../usePanels.ts';
import { attachmentOptions } from '../attachments/useFiles.ts';
import { buildPayload } from './buildPayload.ts';
import { chatCommands } from './chatCommands.ts';
import { Composer, type Draft } from './composer.tsx';
import { recallablePrompts } from './history.ts';

/** The composer of one chat. */
export function ChatComposer({
  textarea,
  focus,
  viewModel,
  panels,
  start,
  unsent,
  onDraft,
  onSend,
  onNew,
  onCompare,
  post,
}: {
  readonly textarea: RefObject<HTMLTextAreaElement | null>;
  /** True if the previous conversation’s composer had the focus, which this one takes over. */
  readonly focus: RefObject<boolean>;
  readonly viewModel: ChatViewModel;
  readonly panels: Panels;
  readonly start: Draft;
  readonly unsent: UnsentPrompt | null;
  readonly onDraft: (draft: Partial<Draft>) => void;
  readonly onSend: (prompt: string, isPayload: boolean) => void;
  readonly onNew: () => void;
  readonly onCompare: () => void;
  readonly post: (message: ViewMessage) => void;
}): JSX.Element {
  const { chat, agent, template, running, canAct, canReach } = viewModel;
  // Over a WebSocket, both sides can send at any time.
  const isReceiving = running !== null && chat.socket?.state === 'open';
  useLayoutEffect(() => {
    const own = textarea.current;
    if (focus.current) own?.focus();
    return () => {
      focus.current = document.activeElement === own;
    };
  }, []);

  const prompts = useMemo(() => recallablePrompts(chat.turns), [chat.turns]);
  return (
    <Composer
      textarea={textarea}
      agentName={agent?.name ?? null}
      start={start}
      unsent={unsent}
      prompts={prompts}
      commands={chatCommands(viewModel, { post, show: panels.show, onNew, onCompare })}
      payload={
        template && {
          build: (input) => buildPayload(template, chat, input),
          template: {
            isOpen: panels.open === 'template',
            isChanged: template !== DEFAULT_TEMPLATE,
            onToggle: (button) => panels.toggle('template', button),
          },
        }
      }
      attach={canAct && takesAttachments(chat) ? attachmentOptions(chat, post) : null}
      canSend={canReach && (running === null || isReceiving)}
      onDraft={onDraft}
      onSend={onSend}
      stopActions={
        running && canAct
          ? {
              turn: running.id,
              stop: () => post({ type: 'stop', turn: running.id }),
              settle: isReceiving ? () => post({ type: 'settle', turn: running.id }) : null,
              cancelWork: template?.cancel == null ? null : () => post({ type: 'cancelWork' }),
            }
          : null
      }
    />
  );
}
