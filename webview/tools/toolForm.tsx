import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Tool } from '../../src/shared/tools.ts';
import { createFields, readForm, type ToolField, type FieldValues } from './toolFields.ts';

/** Form that calls a tool, generated from its JSON schema. */
export function ToolForm({
  tool,
  canSend,
  onCall,
}: {
  readonly tool: Tool;
  readonly canSend: boolean;
  readonly onCall: (input: Readonly<Record<string, unknown>>) => void;
}): JSX.Element {
  const fields = createFields(tool);
  const [values, setValues] = useState<FieldValues>({});
  const [problems, setProblems] = useState<FieldValues>({});
  return (
    <form
      class="fields"
      aria-label={tool.title ?? tool.name}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!canSend) return;
        const filled = readForm(fields, values);
        setProblems('problems' in filled ? filled.problems : {});
        if ('input' in filled) return onCall(filled.input);
        const first = fields.find(({ name }) => name in filled.problems)!;
        event.currentTarget
          .querySelector<HTMLElement>(`[name="${CSS.escape(first.name)}"]`)
          ?.focus();
      }}
    >
      {tool.description !== undefined && <p class="hint">{tool.description}</p>}
      {fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={values[field.name] ?? field.initialText}
          problem={problems[field.name] ?? null}
          onInput={(text) => setValues({ ...values, [field.name]: text })}
        />
      ))}
      <button type="submit" class="primary" disabled={!canSend}>
        Call {tool.name}
      </button>
    </form>
  );
}

function Field({
  field: { name, description, required, kind },
  value,
  problem,
  onInput,
}: {
  readonly field: ToolField;
  readonly value: string;
  readonly problem: string | null;
  readonly onInput: (text: string) => void;
}): JSX.Element {
  const hint = `tool-${name}-hint`;
  const hints = [description, problem].filter((line) => line !== null);
  const common = {
    name,
    required,
    'aria-invalid': problem !== null,
    ...(hints.length > 0 && { 'aria-describedby': hint }),
  };
  const handleInput = ({ currentTarget }: { currentTarget: { value: string } }) =>
    onInput(currentTarget.value);
  if (kind.type === 'boolean') {
    return (
      <label class="choice">
        <input
          {...common}
          type="checkbox"
          checked={value === 'true'}
          onChange={({ currentTarget }) => onInput(String(currentTarget.checked))}
        />
        <span>
          {name} {description !== null && <small id={hint}>{description}</small>}
        </span>
      </label>
    );
  }
  return (
    <label class={kind.type === 'json' || kind.type === 'text' ? 'long' : ''}>
      <span>
        {name}
        {!required && <small> (optional)</small>}
      </span>
      {kind.type === 'choice' ? (
        <select {...common} value={value} onChange={handleInput}>
          <option value="" />
          {kind.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : kind.type === 'json' ? (
        <textarea
          {...common}
          rows={2}
          spellcheck={false}
          placeholder="JSON"
          value={value}
          onInput={handleInput}
        />
      ) : (
        <input
          {...common}
          inputMode={kind.type === 'text' ? 'text' : 'decimal'}
          autocomplete="off"
          value={value}
          onInput={handleInput}
        />
      )}
      {hints.length > 0 && (
        <span id={hint} class="hint">
          {description} {problem !== null && <strong>{problem}</strong>}
        </span>
      )}
    </label>
  );
}
