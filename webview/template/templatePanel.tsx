import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import {
  checkTemplate,
  DEFAULT_TEMPLATE,
  type PayloadTemplate,
  type Transport,
} from '../../src/shared/payloadTemplate.ts';
import { Panel } from '../panel.tsx';
import { JsonField } from './jsonField.tsx';

/** Edits the payload template of an agent. It is validated as the user types. */
export function TemplatePanel({
  agentName,
  template,
  canAct,
  onSave,
  onClose,
}: {
  readonly agentName: string;
  readonly template: PayloadTemplate;
  readonly canAct: boolean;
  /** Null for the default. */
  readonly onSave: (template: PayloadTemplate | null) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const [message, setMessage] = useState(template.message);
  const [cancel, setCancel] = useState(template.cancel ?? '');
  const [transport, setTransport] = useState<Transport>(template.transport ?? 'http');
  const messageFault = checkTemplate(message, 'message');
  const cancelFault = cancel.trim() === '' ? null : checkTemplate(cancel, 'cancel');
  const canSave = canAct && messageFault === null && cancelFault === null;
  const isDefault =
    message === DEFAULT_TEMPLATE.message && cancel.trim() === '' && transport === 'http';

  return (
    <Panel name="Payload template" onClose={onClose}>
      <form
        class="template"
        onSubmit={(event) => {
          event.preventDefault();
          if (!canSave) return;
          const template: PayloadTemplate = {
            message,
            cancel: cancel.trim() === '' ? null : cancel,
            ...(transport === 'webSocket' && { transport }),
          };
          onSave(isDefault ? null : template);
        }}
      >
        <h2>Payload for {agentName}</h2>
        <JsonField
          label="Message payload"
          value={message}
          fault={messageFault}
          onInput={setMessage}
          hint={
            <>
              <code>{'{{input}}'}</code> is your message. You can also use{' '}
              <code>{'{{sessionId}}'}</code>, <code>{'{{actorId}}'}</code> and, as lists of
              attachments, <code>{'{{images}}'}</code> and <code>{'{{files}}'}</code>. Without these
              lists, attachments are added at the end.
            </>
          }
        />
        <JsonField
          label="Cancel payload (optional)"
          value={cancel}
          fault={cancelFault}
          onInput={setCancel}
          hint="If set, a button beside Stop sends this payload to the session to end the agent’s work."
        />
        <fieldset>
          <legend>Transport</legend>
          <label class="choice">
            <input
              type="radio"
              name="transport"
              checked={transport === 'http'}
              onChange={() => setTransport('http')}
            />
            <span>
              One request per message to <code>/invocations</code>
            </span>
          </label>
          <label class="choice">
            <input
              type="radio"
              name="transport"
              checked={transport === 'webSocket'}
              onChange={() => setTransport('webSocket')}
            />
            <span>
              One WebSocket per session to <code>/ws</code>. The agent can send messages at any
              time.
            </span>
          </label>
        </fieldset>
        <div class="buttons">
          <button type="submit" class="primary" disabled={!canSave}>
            Save
          </button>
          <button
            type="button"
            class="outlined"
            disabled={isDefault}
            onClick={() => {
              setMessage(DEFAULT_TEMPLATE.message);
              setCancel('');
              setTransport('http');
            }}
          >
            Use the default
          </button>
          <button type="button" class="outlined" onClick={onClose}>
            Close
          </button>
        </div>
      </form>
    </Panel>
  );
}
