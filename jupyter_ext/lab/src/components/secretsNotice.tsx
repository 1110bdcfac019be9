import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useId, useState } from 'react';
import type { ReactElement } from 'react';
import { isEdited, variableFor } from '../draft';
import type { IForm } from '../tokens';
import type { IActions } from './actions';
import { Fold } from './fold';

/** Properties of {@link SecretsNotice}. */
export interface ISecretsNoticeProps {
  readonly form: IForm;
  readonly actions: IActions;
  readonly trans: TranslationBundle;
}

/** Says which secrets the file holds in plain text, and lets it name environment variables instead. */
export function SecretsNotice(props: ISecretsNoticeProps): ReactElement | null {
  const { form, trans } = props;
  const [unfolded, setUnfolded] = useState(false);
  const places = form.answer.plain_secrets;
  if (places.length === 0) {
    return null;
  }
  const title = trans._n('%1 secret in plain text', '%1 secrets in plain text', places.length);
  return (
    <section className="jp-Huntbook-notice jp-Huntbook-secrets jp-mod-warning" aria-label={title}>
      <Fold label={title} unfolded={unfolded} onFold={setUnfolded}>
        <p className="jp-Huntbook-help">
          {trans.__(
            'Put the secret into an environment variable first; the file then only names it. Earlier versions of the file still hold the secret.'
          )}
        </p>
        {places.map(place => (
          <Secret key={JSON.stringify(place)} place={place} {...props} />
        ))}
      </Fold>
    </section>
  );
}

/** What an environment variable may be called. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** One secret and the variable that takes its place. */
function Secret(props: ISecretsNoticeProps & { place: readonly string[] }): ReactElement {
  const { place, form, actions, trans } = props;
  const id = useId();
  const [typed, setTyped] = useState(variableFor(place));
  const valid = VARIABLE.test(typed.trim());
  const edited = isEdited(form);
  const replace = (): void => {
    if (valid && !edited) {
      actions.replaceSecret(place, typed.trim());
    }
  };
  return (
    <div className="jp-Huntbook-secret">
      <label id={`${id}-label`} htmlFor={id}>
        {place.join('.')}
      </label>
      <div className="jp-Huntbook-new">
        <input
          id={id}
          className="jp-mod-styled"
          value={typed}
          spellCheck={false}
          aria-invalid={!valid}
          aria-describedby={`${id}-problem`}
          onChange={event => setTyped(event.target.value)}
          onKeyDown={event => event.key === 'Enter' && replace()}
        />
        <button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          aria-disabled={!valid || edited}
          aria-describedby={`${id}-label ${id}-problem`}
          onClick={replace}
        >
          {trans.__('Replace')}
        </button>
      </div>
      <p className="jp-Huntbook-problem" id={`${id}-problem`}>
        {valid ? '' : trans.__('Letters, digits and underscores; no digit first.')}
      </p>
      {edited && <p className="jp-Huntbook-help">{trans.__('Save or reset your edits first.')}</p>}
    </div>
  );
}
