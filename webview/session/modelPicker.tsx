import type { JSX } from 'preact';
import { useEffect, useId, useLayoutEffect, useState } from 'preact/hooks';
import type { SessionModels } from '../../src/shared/chat/sessionModels.ts';
import { describeModel } from '../../src/shared/modelName.ts';
import {
  isAccountUsed,
  listModelOptions,
  MODEL_FORMS,
  validateModel,
} from '../../src/shared/modelOptions.ts';
import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';
import type { ViewState } from '../reducer.ts';

/** The option that removes the session's own choice. */
const INHERITED = '';

/** Shows the model backend of the session, and lets the user choose another. */
export function ModelPicker({
  reading,
  canAct,
  post,
}: {
  /** Null before the backend is read. */
  readonly reading: ViewState['models'];
  readonly canAct: boolean;
  readonly post: (message: ViewMessage) => void;
}): JSX.Element | null {
  useEffect(() => {
    if (canAct) post({ type: 'showModels' });
  }, [canAct]);
  if (reading === null) return null;
  const { models, problem } = reading;
  if (models === null) return problem === null ? null : <p class="fieldError">{problem}</p>;
  return <ModelForm models={models} problem={problem} canAct={canAct} post={post} />;
}

function ModelForm({
  models,
  problem,
  canAct,
  post,
}: {
  readonly models: SessionModels;
  readonly problem: string | null;
  readonly canAct: boolean;
  readonly post: (message: ViewMessage) => void;
}): JSX.Element {
  const { own, inherited, ollama } = models;
  const id = useId();
  const [chosen, setChosen] = useState(own ?? INHERITED);
  /** The backend that the user enters; null for one from the list. */
  const [written, setWritten] = useState<string | null>(null);
  const [submitted, setSubmitted] = useState<string | null>(null);
  // A passive effect runs after painting and could replace what the user has chosen.
  useLayoutEffect(() => {
    setChosen(own ?? INHERITED);
    setWritten(null);
  }, [own]);
  const form = MODEL_FORMS.find(({ label }) => label === chosen);
  const model = written ?? chosen;
  const mistake =
    form && written !== null && validateModel(written) !== null
      ? `Use the form ${form.example}.`
      : null;
  const failure = submitted === model ? problem : null;
  const canApply = canAct && mistake === null && model !== (own ?? INHERITED);
  const current = own ?? inherited;
  const options = listModelOptions(ollama);
  const isListed = own === null || options.some((option) => option.model === own);

  return (
    <form
      class="modelPicker"
      onSubmit={(event) => {
        event.preventDefault();
        if (!canApply) return;
        setSubmitted(model);
        post({ type: 'chooseModel', model: model === INHERITED ? null : model });
      }}
    >
      <div class="field">
        <label for={id}>Model backend</label>
        <div class="modelChoice">
          <select
            id={id}
            value={chosen}
            aria-describedby={`${id}-hint`}
            onChange={({ currentTarget: { value } }) => {
              setChosen(value);
              setWritten(MODEL_FORMS.find(({ label }) => label === value)?.example ?? null);
            }}
          >
            <option value={INHERITED}>Default: {describeModel(inherited)}</option>
            {options.map(({ model: value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
            {!isListed && <option value={own}>{describeModel(own)}</option>}
            {MODEL_FORMS.map(({ label }) => (
              <option key={label} value={label}>
                {label}
              </option>
            ))}
          </select>
          <button
            type="submit"
            class="primary"
            // A `disabled` button would lose the focus after it is pressed.
            aria-disabled={!canApply}
          >
            Use
          </button>
        </div>
        {form && (
          <input
            class="id"
            aria-label={form.label.replace('…', '')}
            aria-invalid={mistake !== null}
            aria-describedby={`${id}-problem`}
            spellcheck={false}
            autocomplete="off"
            value={written ?? ''}
            onInput={({ currentTarget }) => setWritten(currentTarget.value.trim())}
          />
        )}
        <p id={`${id}-problem`} class="fieldError" role="alert">
          {mistake ?? failure}
        </p>
        <p id={`${id}-hint`} class="hint" role="status">
          Model calls of this session go to: {describeModel(current)}.{' '}
          {isAccountUsed(current) && 'They use your account and may cost money. '}A change applies
          to the next call.
        </p>
      </div>
    </form>
  );
}
