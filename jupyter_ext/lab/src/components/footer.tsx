import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { ReactElement } from 'react';
import { isEdited } from '../draft';
import type { IForm, PanelState } from '../tokens';
import type { IActions } from './actions';

/** Properties of {@link Footer}. */
export interface IFooterProps {
  readonly state: PanelState;
  readonly actions: IActions;
  readonly trans: TranslationBundle;
}

/** Save, Reset, what became of it, and where the file is. */
export function Footer(props: IFooterProps): ReactElement {
  const { state, actions, trans } = props;
  const form = state.kind === 'loading' ? null : state.form;
  const ready = form !== null && isEdited(form) && state.kind !== 'saving';
  const canSave = ready && state.kind !== 'broken' && state.kind !== 'conflict';
  return (
    <div className="jp-Huntbook-footer">
      <p className={`jp-Huntbook-status jp-mod-${state.kind}`} role="status" aria-live="polite">
        {statusOf(state, trans)}
      </p>
      {form !== null && (
        <>
          <div className="jp-Huntbook-buttons">
            <FooterButton
              label={trans.__('Save')}
              accept={true}
              enabled={canSave}
              onClick={actions.save}
            />
            <FooterButton
              label={trans.__('Reset')}
              accept={false}
              enabled={ready && state.kind !== 'broken'}
              onClick={actions.reset}
            />
          </div>
          <FilePath form={form} trans={trans} />
        </>
      )}
    </div>
  );
}

/**
 * A button that stays focusable while it is off.
 *
 * #### Notes
 * `disabled` would throw the keyboard's focus to the top of the page at the moment of saving.
 */
function FooterButton(props: {
  label: string;
  accept: boolean;
  enabled: boolean;
  onClick: () => void;
}): ReactElement {
  const { label, accept, enabled, onClick } = props;
  return (
    <button
      type="button"
      className={`jp-mod-styled ${accept ? 'jp-mod-accept' : 'jp-mod-reject'}`}
      aria-disabled={!enabled}
      onClick={() => enabled && onClick()}
    >
      {label}
    </button>
  );
}

/** Where the settings lie, broken after its slashes where the panel is narrow. */
function FilePath(props: { form: IForm; trans: TranslationBundle }): ReactElement {
  const { form, trans } = props;
  const { path, state } = form.answer;
  const parts = path.split(/(?<=[/\\])/);
  return (
    <p className="jp-Huntbook-path">
      {state === 'missing' ? trans.__('Will be created at') : trans.__('Saved in')}{' '}
      <code>
        {parts.map((part, index) => (
          <React.Fragment key={index}>
            {part}
            <wbr />
          </React.Fragment>
        ))}
      </code>
    </p>
  );
}

/** One short sentence for each state, which a screen reader speaks when it changes. */
function statusOf(state: PanelState, trans: TranslationBundle): string {
  switch (state.kind) {
    case 'loading':
      return trans.__('Loading the settings…');
    case 'unreachable':
      return trans.__('The server does not answer.');
    case 'broken':
      return trans.__('The settings file can’t be read.');
    case 'edited':
      return trans.__('Unsaved changes.');
    case 'saving':
      return trans.__('Saving…');
    case 'saved':
      return trans.__('Saved. Running notebooks use it at once.');
    case 'conflict':
      return trans.__('The settings changed elsewhere.');
    case 'refused':
      return trans.__('Not saved.');
    case 'unchanged':
      return trans.__('No unsaved changes.');
  }
}
