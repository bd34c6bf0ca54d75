import type { JSX, RefObject } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { UnsentPrompt } from '../../src/shared/chat/hostMessage.ts';
import { checkJson, describeFault } from '../../src/shared/payloadSyntax.ts';
import { AttachButtons } from '../attachments/attachButtons.tsx';
import { AttachmentList } from '../attachments/attachmentList.tsx';
import { useFiles, type AttachmentOptions } from '../attachments/useFiles.ts';
import { IconButton } from '../iconButton.tsx';
import { commandId, CommandList } from './commandList.tsx';
import { findCommand, type SlashCommand } from './commands.ts';
import { StopButtons, type TurnStopActions } from './stopButtons.tsx';
import { PayloadButtons, type PayloadOptions } from './payloadButtons.tsx';
import { useCommandCompletion } from './useCommandCompletion.ts';
import { usePromptHistory } from './usePromptHistory.ts';

/** Draft of a composer, which survives a reload. */
export interface Draft {
  readonly draft: string;
  /** True if the draft is a JSON payload that is sent unchanged. */
  readonly isPayload: boolean;
}

/** Message editor. Enter sends, Shift+Enter starts a new line, Up and Down recall earlier prompts. */
export function Composer({
  textarea,
  agentName,
  start,
  unsent,
  prompts,
  commands,
  payload,
  attach,
  canSend,
  onDraft,
  onSend,
  stopActions,
}: {
  readonly textarea: RefObject<HTMLTextAreaElement | null>;
  readonly agentName: string | null;
  readonly start: Draft;
  /** Prompt that the host rejected and returned. */
  readonly unsent: UnsentPrompt | null;
  /** Prompts that can be recalled, newest first. */
  readonly prompts: readonly string[];
  readonly commands: readonly SlashCommand[];
  /** Null if the agent's protocol defines the payload. */
  readonly payload: PayloadOptions | null;
  /** Null if the agent takes no attachments, or the host cannot be reached. */
  readonly attach: AttachmentOptions | null;
  readonly canSend: boolean;
  readonly onDraft: (draft: Partial<Draft>) => void;
  readonly onSend: (prompt: string, isPayload: boolean) => void;
  /** Null while no turn is running. */
  readonly stopActions: TurnStopActions | null;
}): JSX.Element {
  const id = useId();
  const listId = `${id}-commands`;
  /** ID of the error text, for aria-describedby. */
  const errorId = `${id}-error`;
  const [problem, setProblem] = useState<string | null>(null);
  const [prefersPayload, setPrefersPayload] = useState(start.isPayload);
  /** The edited payload, and the message that it was built from. */
  const [built, setBuilt] = useState({ input: '', payload: '' });
  const isPayload = prefersPayload && payload !== null;
  const history = usePromptHistory({
    textarea,
    start: start.draft,
    prompts: isPayload ? [] : prompts,
    onDraft: (draft) => onDraft({ draft }),
    onChange: () => {
      setProblem(null);
      list.open();
    },
  });
  const { text } = history;
  const list = useCommandCompletion({
    // A recalled prompt offers no commands, because the arrow keys move through the history.
    text: history.isRecalled || isPayload ? null : text,
    commands,
    onComplete: history.setText,
    onRun: run,
  });
  const files = useFiles(attach, setProblem);
  const { selected, completions } = list;
  const fault = isPayload && text.trim() !== '' ? checkJson(text) : null;
  const error = fault ? describeFault(text, fault) : problem;
  const isSendable = canSend && text.trim() !== '' && fault === null;

  const isAnswering = stopActions !== null;
  useEffect(() => {
    if (!isAnswering) setProblem(null);
  }, [isAnswering]);

  // Restores each prompt that is returned to this composer. A passive effect runs after painting and
  // would overwrite text that the user has typed since.
  const lastUnsent = useRef(unsent);
  useLayoutEffect(() => {
    if (unsent === lastUnsent.current) return;
    lastUnsent.current = unsent;
    if (unsent === null) return;
    history.setText(text.trim() === '' ? unsent.prompt : `${unsent.prompt}\n${text}`);
    if (unsent.isPayload) setPayloadMode(true);
  }, [unsent]);

  function setPayloadMode(next: boolean): void {
    setPrefersPayload(next);
    onDraft({ isPayload: next });
  }

  function togglePayload(): void {
    if (isPayload) {
      setBuilt({ ...built, payload: text });
      history.setText(built.input);
    } else {
      // An edited payload is restored unless the message has changed.
      const isUnchanged = built.payload !== '' && built.input === text;
      history.setText(isUnchanged ? built.payload : payload!.build(text));
      setBuilt({ input: text, payload: '' });
    }
    setPayloadMode(!isPayload);
    textarea.current?.focus();
  }

  function run(command: SlashCommand): void {
    if (command.unavailableReason !== null)
      return setProblem(`/${command.name}: ${command.unavailableReason}`);
    history.setText('');
    command.run();
  }

  function send(): void {
    const command = isPayload ? null : findCommand(text, commands);
    if (command) return run(command);
    if (stopActions && text.trim() !== '') {
      setProblem(
        `${agentName ?? 'The agent'} is still answering. Send this message when it is done.`,
      );
    }
    if (!isSendable) return;
    setBuilt({ input: '', payload: '' });
    history.setText('');
    // Payload mode applies to one message.
    if (isPayload) setPayloadMode(false);
    onSend(isPayload ? text : text.trim(), isPayload);
  }

  /** Handles a key. Returns false if the key has its default action. */
  function handleKey(key: string): boolean {
    if (list.handleKey(key)) return true;
    switch (key) {
      case 'Enter':
        send();
        return true;
      case 'ArrowUp':
        return history.move(1);
      case 'ArrowDown':
        return history.move(-1);
      default:
        return false;
    }
  }

  return (
    <form
      class="composer"
      onDragOver={(event) => {
        if (attach && event.dataTransfer?.types.includes('Files')) event.preventDefault();
      }}
      onDrop={(event) => {
        if (files.attachFrom(event.dataTransfer)) event.preventDefault();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {selected && (
        <CommandList id={listId} commands={completions} selected={selected} onPick={run} />
      )}
      <p class="visuallyHidden" role="status">
        {selected && (completions.length === 1 ? 'One command' : `${completions.length} commands`)}
      </p>
      <p id={errorId} class="inputError" role="status">
        {error}
      </p>
      {attach && (
        <AttachmentList
          attachments={attach.attachments}
          onRemove={(id) => {
            attach.onRemove(id);
            textarea.current?.focus();
          }}
        />
      )}
      {isPayload && attach && attach.attachments.length > 0 && (
        <p class="hint">A payload is sent unchanged. Attachments wait for the next text message.</p>
      )}
      <div class="line">
        <textarea
          ref={textarea}
          class={isPayload ? 'code' : undefined}
          aria-label="Message"
          aria-describedby={error === null ? undefined : errorId}
          aria-invalid={error !== null}
          aria-autocomplete="list"
          aria-controls={selected && listId}
          aria-activedescendant={selected && commandId(listId, selected)}
          placeholder={placeholder(agentName, isPayload)}
          dir={isPayload ? 'ltr' : 'auto'}
          spellcheck={!isPayload}
          rows={1}
          value={text}
          onInput={({ currentTarget }) => history.setText(currentTarget.value)}
          onPaste={(event) => {
            if (files.attachFrom(event.clipboardData)) event.preventDefault();
          }}
          onBlur={list.close}
          onKeyDown={(event) => {
            const { shiftKey, altKey, ctrlKey, metaKey } = event;
            if (shiftKey || altKey || isComposing(event)) return;
            // Ctrl+Enter and Cmd+Enter also send.
            if ((ctrlKey || metaKey) && event.key !== 'Enter') return;
            if (handleKey(event.key)) event.preventDefault();
          }}
        />
      </div>
      <div class="bar">
        {attach && (
          <AttachButtons
            onFiles={(chosenFiles) => {
              files.attach(chosenFiles);
              textarea.current?.focus();
            }}
            onSelection={attach.onSelection}
          />
        )}
        {payload && (
          <PayloadButtons payload={payload} isPayload={isPayload} onToggle={togglePayload} />
        )}
        <span class="spacer" />
        {stopActions && (
          <StopButtons
            key={stopActions.turn}
            stopActions={stopActions}
            onDone={() => textarea.current?.focus()}
          />
        )}
        {(stopActions === null || canSend) && (
          <IconButton
            icon="send"
            type="submit"
            class="roundButton primary"
            name="Send"
            title="Send (Enter)"
            disabled={!isSendable}
          />
        )}
      </div>
    </form>
  );
}

function placeholder(agentName: string | null, isPayload: boolean): string {
  if (isPayload) return 'JSON payload';
  return agentName === null ? 'Message' : `Message ${agentName}`;
}

/** True if an input method handles the key. Safari reports that only by key code 229. */
function isComposing({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229;
}
