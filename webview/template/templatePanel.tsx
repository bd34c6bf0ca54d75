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

/** What an agent's payload is made of: shown, changed and checked as it is typed. */
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
        <h2>What {agentName} is sent</h2>
        <JsonField
          label="For a message"
          value={message}
          fault={messageFault}
          onInput={setMessage}
          hint={
            <>
              <code>{'{{input}}'}</code> is what you write. There are <code>{'{{sessionId}}'}</code>{' '}
              and <code>{'{{actorId}}'}</code> and, as lists, <code>{'{{images}}'}</code> and{' '}
              <code>{'{{files}}'}</code> for what is attached, which goes to the end without them.
            </>
          }
        />
        <JsonField
          label="To cancel its work (optional)"
          value={cancel}
          fault={cancelFault}
          onInput={setCancel}
          hint="If the agent ends its work by a payload of its own, a button beside Stop sends this into the session."
        />
        <fieldset>
          <legend>By what it is sent</legend>
          <label class="choice">
            <input
              type="radio"
              name="transport"
              checked={transport === 'http'}
              onChange={() => setTransport('http')}
            />
            <span>
              A request for each message, to <code>/invocations</code>
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
              One web socket for the session, to <code>/ws</code>, on which the agent can speak
              unasked
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
