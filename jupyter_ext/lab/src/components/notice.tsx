import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONValue } from '@lumino/coreutils';
import React, { useId } from 'react';
import type { ReactElement } from 'react';
import { changedKeys, isObject, valueOf } from '../draft';
import type { IForm, IProblem, ISettingsAnswer, PanelState } from '../tokens';
import type { IActions } from './actions';

/** Properties of {@link Notice}. */
export interface INoticeProps {
  readonly state: PanelState;
  readonly actions: IActions;
  readonly trans: TranslationBundle;
}

/** What stands above the form when there is something to know or to decide. */
export function Notice(props: INoticeProps): ReactElement | null {
  const { state, actions, trans } = props;
  switch (state.kind) {
    case 'unreachable':
      return (
        <Box kind="error" title={trans.__('The server does not answer')}>
          <p>{trans.__('Check that it runs and that this computer can reach it.')}</p>
          {state.form !== null && <p>{trans.__('What you changed here is kept.')}</p>}
          <p className="jp-Huntbook-help">{state.message}</p>
          <Button label={trans.__('Retry')} onClick={actions.retry} />
        </Box>
      );
    case 'broken':
      return (
        <Box kind="error" title={trans.__('The settings file can’t be read')}>
          {state.fault.line !== null && (
            <p className="jp-Huntbook-place">
              {trans.__('Line %1, column %2', state.fault.line, state.fault.column ?? 1)}
            </p>
          )}
          <p className="jp-Huntbook-help">{state.fault.message}</p>
          <Button label={trans.__('Retry')} onClick={actions.retry} />
          <Button label={trans.__('Earlier versions')} onClick={() => actions.showHistory(true)} />
        </Box>
      );
    case 'conflict':
      return (
        <Box kind="warning" title={trans.__('The settings changed elsewhere')}>
          <p>{trans.__('Somebody saved while you were editing. Your edits are not saved.')}</p>
          <Differences form={state.form} theirs={state.theirs} actions={actions} trans={trans} />
          <Button label={trans.__('Reload')} onClick={() => actions.takeTheirs()} />
          <Button label={trans.__('Keep mine')} onClick={actions.keepMine} />
        </Box>
      );
    case 'refused':
      return (
        <Box kind="error" title={trans.__('Not saved')}>
          <p>
            {state.problems.some(problem => hasField(state.form, problem))
              ? trans.__('Correct the marked field, then save again.')
              : state.message}
          </p>
        </Box>
      );
    case 'loading':
      return null;
    default:
      return <FileNotice form={state.form} trans={trans} />;
  }
}

/** What the user changed, beside what is in the file now, setting by setting. */
function Differences(props: {
  form: IForm;
  theirs: ISettingsAnswer;
  actions: IActions;
  trans: TranslationBundle;
}): ReactElement {
  const { form, theirs, actions, trans } = props;
  const id = useId();
  const fields = form.sections.flatMap(section => section.fields);
  return (
    <ul className="jp-Huntbook-differences">
      {changedKeys(form.answer.settings, form.draft).map(key => {
        const title = fields.find(field => field.key === key)?.title ?? key;
        return (
          <li key={key}>
            <strong id={`${id}-${key}`}>{title}</strong>
            <span>{trans.__('yours: %1', inWords(valueOf(form.draft, key)))}</span>
            <span>{trans.__('in the file: %1', inWords(valueOf(theirs.settings, key)))}</span>
            <button
              type="button"
              className="jp-Huntbook-link"
              aria-describedby={`${id}-${key}`}
              onClick={() => actions.takeTheirs(key)}
            >
              {trans.__('Take it')}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** A value on one line. */
function inWords(value: ReadonlyJSONValue): string {
  if (Array.isArray(value)) {
    return value.join(', ');
  }
  return isObject(value) ? Object.keys(value).join(', ') || '—' : String(value ?? '—');
}

/** Whether the panel has a field where the problem is shown. */
function hasField(form: IForm, problem: IProblem): boolean {
  return form.sections.some(section =>
    section.fields.some(
      field => problem.key === field.key || problem.key?.startsWith(`${field.key}.`)
    )
  );
}

/** A first run is no fault: say what will happen; and say what has no effect. */
function FileNotice(props: { form: IForm; trans: TranslationBundle }): ReactElement {
  const { form, trans } = props;
  const { state, notices } = form.answer;
  return (
    <>
      {state === 'missing' && (
        <Box kind="info" title={trans.__('There is no settings file yet')}>
          <p>{trans.__('These are the defaults. The first save creates the file.')}</p>
        </Box>
      )}
      {notices.length > 0 && (
        <Box kind="warning" title={trans.__('Some settings have no effect')}>
          {notices.map(notice => (
            <p key={notice} className="jp-Huntbook-help">
              {notice}
            </p>
          ))}
        </Box>
      )}
    </>
  );
}

/** A framed message. */
function Box(props: {
  kind: 'info' | 'warning' | 'error';
  title: string;
  children: React.ReactNode;
}): ReactElement {
  return (
    <section className={`jp-Huntbook-notice jp-mod-${props.kind}`} aria-label={props.title}>
      <h3>{props.title}</h3>
      {props.children}
    </section>
  );
}

/** A quiet button. */
function Button(props: { label: string; onClick: () => void }): ReactElement {
  return (
    <button type="button" className="jp-mod-styled jp-mod-reject" onClick={props.onClick}>
      {props.label}
    </button>
  );
}
