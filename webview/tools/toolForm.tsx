import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Tool } from '../../src/shared/tools.ts';
import { createFields, readForm, type ToolField, type FieldValues } from './toolFields.ts';

/** A form made of a tool's JSON schema, by which it is called. */
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
  const [written, setWritten] = useState<FieldValues>({});
  const [problems, setProblems] = useState<FieldValues>({});
  return (
    <form
      class="fields"
      aria-label={tool.title ?? tool.name}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!canSend) return;
        const filled = readForm(fields, written);
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
          written={written[field.name] ?? field.start}
          problem={problems[field.name] ?? null}
          onWrite={(text) => setWritten({ ...written, [field.name]: text })}
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
  written,
  problem,
  onWrite,
}: {
  readonly field: ToolField;
  readonly written: string;
  readonly problem: string | null;
  readonly onWrite: (text: string) => void;
}): JSX.Element {
  const hint = `tool-${name}-hint`;
  const says = [description, problem].filter((line) => line !== null);
  const common = {
    name,
    required,
    'aria-invalid': problem !== null,
    ...(says.length > 0 && { 'aria-describedby': hint }),
  };
  const type = ({ currentTarget }: { currentTarget: { value: string } }) =>
    onWrite(currentTarget.value);
  if (kind.type === 'truth') {
    return (
      <label class="choice">
        <input
          {...common}
          type="checkbox"
          checked={written === 'true'}
          onChange={({ currentTarget }) => onWrite(String(currentTarget.checked))}
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
        <select {...common} value={written} onChange={type}>
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
          value={written}
          onInput={type}
        />
      ) : (
        <input
          {...common}
          inputMode={kind.type === 'text' ? 'text' : 'decimal'}
          autocomplete="off"
          value={written}
          onInput={type}
        />
      )}
      {says.length > 0 && (
        <span id={hint} class="hint">
          {description} {problem !== null && <strong>{problem}</strong>}
        </span>
      )}
    </label>
  );
}
